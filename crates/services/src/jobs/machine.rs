//! Machines are started and stopped.

use std::path::PathBuf;

use domain::image::HyperVGeneration;
use domain::machine::MachineState;
use domain::{Code, Problem};
use engine::{EngineError, Firmware, MachineSpec, PowerState, Seed};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::machine;
use uuid::Uuid;

use super::run::answer;
use super::{Run, Step, Stop, step as named};
use crate::{Error, Result, Services};

/// Which machine is started or stopped.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MachineJob {
    /// The machine.
    pub(crate) machine: Uuid,
}

impl MachineJob {
    /// The one step of a start.
    pub(crate) fn start() -> Vec<Step> {
        vec![named("start", "Start the machine")]
    }

    /// The one step of a stop.
    pub(crate) fn stop() -> Vec<Step> {
        vec![named("stop", "Shut the machine down")]
    }
}

pub(crate) async fn step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: MachineJob = run.input()?;
    let row = find_machine(run, input.machine)
        .await?
        .ok_or_else(|| Error::internal("the machine's row is gone"))?;
    let hypervisor = run.services.engine().hypervisor();
    if name == "start" {
        let spec = spec(&run.services, &row)?;
        tokio::select! {
            started = hypervisor.start(&spec) => started.map_err(not_started)?,
            () = run.cancel.cancelled() => return Err(run.settle(engine::EngineError::Cancelled.into())),
        }
    } else {
        hypervisor
            .stop(row.id, run.services.settings().stop_grace)
            .await?;
    }
    release(run, input.machine, None).await?;
    answer(row.resource_id)
}

/// A start that failed or was cancelled leaves the machine off, and says why; a stop leaves it as it is.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: MachineJob = run.input()?;
    if run.kind() == domain::job::JobKind::MachineStart {
        run.services
            .engine()
            .hypervisor()
            .stop(input.machine, std::time::Duration::ZERO)
            .await?;
    }
    let shown = run
        .problem()
        .await?
        .filter(|problem| problem.code != Code::OperationCanceled)
        .map(|problem| problem.message);
    release(run, input.machine, shown).await
}

/// The most that a machine's owner is told of what the engine said; the log has the rest.
const LONGEST_REASON: usize = 200;

/// What an engine that does not start means to the machine's owner, and who can help.
pub(super) fn not_started(error: EngineError) -> Error {
    let EngineError::Unavailable { what, reason } = error else {
        return error.into();
    };
    tracing::error!(what, reason, "a machine could not be started");
    let first = reason.lines().next().unwrap_or_default();
    let first: String = first.chars().take(LONGEST_REASON).collect();
    let message = format!(
        "The machine could not be started: {}. Its disk is as it was. Ask your administrator to run “vitrine doctor” on the server, then start the machine again.",
        first.trim_end_matches(['.', ' '])
    );
    Problem::new(Code::EngineUnavailable, message).into()
}

/// What the hypervisor must know to start a machine.
pub(super) fn spec(services: &Services, row: &machine::Model) -> Result<MachineSpec> {
    let size = services
        .settings()
        .sizes
        .iter()
        .find(|size| size.name == row.size)
        .ok_or_else(|| {
            Problem::new(
                Code::Conflict,
                format!(
                    "The size “{}” is no longer configured; ask your administrator.",
                    row.size
                ),
            )
        })?;
    let disks = (0..u32::try_from(row.disk_count).unwrap_or(1))
        .map(|disk| disk_path(services, row.id, disk))
        .collect();
    let firmware = match HyperVGeneration::parse(&row.firmware) {
        Some(HyperVGeneration::V2) => Firmware::Uefi,
        _ => Firmware::Bios,
    };
    let keys: Option<Vec<String>> = row
        .ssh_keys
        .clone()
        .map(serde_json::from_value)
        .transpose()?;
    let keys = keys.unwrap_or_default();
    // A specialized image keeps its own name and accounts, so there is nothing to tell it. Rules A32, A34, A35.
    let seed = row.computer_name.clone().map(|name| Seed {
        instance_id: row.id.to_string(),
        local_hostname: Some(name),
        user: row.user_name.clone(),
        password_hash: row.password_hash.clone(),
        ssh_keys: keys,
    });
    Ok(MachineSpec {
        id: row.id,
        name: row.name.clone(),
        vcpus: size.vcpus,
        memory_mib: size.memory_mib,
        disks,
        seed,
        mac: row.mac.clone(),
        firmware,
    })
}

/// One disk of a machine.
pub(crate) fn disk_path(services: &Services, machine: Uuid, disk: u32) -> PathBuf {
    services
        .engine()
        .machine_dir(machine)
        .join(format!("disk-{disk}.qcow2"))
}

pub(crate) async fn find_machine(run: &Run, id: Uuid) -> Result<Option<machine::Model>> {
    Ok(machine::Entity::find_by_id(id)
        .one(run.services.db())
        .await?)
}

pub(crate) async fn set_state(
    run: &Run,
    row: machine::Model,
    state: MachineState,
    problem: Option<String>,
) -> Result<()> {
    let mut active = row.into_active_model();
    active.state = Set(state.to_string());
    active.state_at = Set(run.services.now());
    active.problem = Set(problem);
    active.update(run.services.db()).await?;
    run.services.job_moved(run.job.id);
    Ok(())
}

/// Ends a job's hold on a machine: from here on it is what the hypervisor says.
pub(crate) async fn release(run: &Run, id: Uuid, problem: Option<String>) -> Result<()> {
    let Some(row) = find_machine(run, id)
        .await?
        .filter(|row| row.job_id == Some(run.job.id))
    else {
        return Ok(());
    };
    let state = match run.services.engine().hypervisor().state(id).await? {
        PowerState::Running => MachineState::Running,
        PowerState::Stopped => MachineState::Stopped,
    };
    let mut active = row.into_active_model();
    active.state = Set(state.to_string());
    active.state_at = Set(run.services.now());
    active.problem = Set(problem);
    active.job_id = Set(None);
    active.update(run.services.db()).await?;
    Ok(())
}
