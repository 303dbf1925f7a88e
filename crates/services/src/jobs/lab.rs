//! A lab's template VM is made; a lab is removed with all that belongs to it.

use domain::lab::ProvisioningState;
use domain::machine::MachineState;
use domain::{Code, Problem, Rule, Violation};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::{lab, machine, role_assignment};
use uuid::Uuid;

use super::machine::{disk_path, find_machine};
use super::replica::{choose, store_of};
use super::run::answer;
use super::{Run, Step, Stop, build, step as named};
use crate::{Error, Result};

/// Which lab is made or removed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LabJob {
    /// The lab.
    pub(crate) lab: Uuid,
    /// Its template VM; none for a lab without one.
    pub(crate) machine: Option<Uuid>,
}

impl LabJob {
    /// The steps of a creation.
    pub(crate) fn create() -> Vec<Step> {
        vec![
            named("disk", "Make the template VM's disk"),
            named("ready", "Make the lab ready"),
        ]
    }

    /// The steps of a removal.
    pub(crate) fn remove() -> Vec<Step> {
        vec![
            named("stop", "Switch its machines off"),
            named("remove", "Remove machines and disks"),
        ]
    }
}

pub(crate) async fn create(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: LabJob = run.input()?;
    if name == "disk" {
        if let Some(id) = input.machine {
            make_disk(run, id).await?;
        }
        return answer(());
    }
    if let Some(machine) = input.machine {
        super::machine::release(run, machine, None).await?;
    }
    let resource_id = set_lab(run, input.lab, ProvisioningState::Succeeded, None).await?;
    answer(resource_id)
}

async fn make_disk(run: &Run, id: Uuid) -> std::result::Result<(), Stop> {
    let row = find_machine(run, id)
        .await?
        .ok_or_else(|| Error::internal("the machine's row is gone"))?;
    lay(run, &row, u32::try_from(row.disk_count).unwrap_or(1)).await
}

/// Lays layers over the version's disks, in the region's replica that fewest machines use. Rules A5, A44, A55.
pub(super) async fn lay(
    run: &Run,
    row: &machine::Model,
    disks: u32,
) -> std::result::Result<(), Stop> {
    let (services, id) = (&run.services, row.id);
    let Some(replica) = choose(services, row).await? else {
        let violation = Violation::new(Rule::RegionNotReady, "region").with("region", &row.region);
        return Err(Problem::from_violations(vec![violation]).into());
    };
    tokio::fs::create_dir_all(services.engine().machine_dir(id)).await?;
    for disk in 0..disks {
        let target = disk_path(services, id, disk);
        // A layer of an earlier try was never used: it is made again.
        let _ = tokio::fs::remove_file(&target).await;
        let key = build::object_key(replica.version_id, disk, replica.ordinal);
        let backing = services
            .engine()
            .stores()
            .local_path(store_of(&replica), &key)
            .await?;
        services
            .engine()
            .disks()
            .overlay_create(&backing, &target)
            .await?;
    }
    Ok(())
}

/// A lab that could not be made stays, marked as failed with the reason, until somebody deletes it.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: LabJob = run.input()?;
    if let Some(id) = input.machine {
        build::remove_folder(&run.services.engine().machine_dir(id)).await?;
        if let Some(row) = find_machine(run, id).await? {
            let mut active = row.into_active_model();
            active.state = Set(MachineState::Failed.to_string());
            active.state_at = Set(run.services.now());
            active.job_id = Set(None);
            active.update(run.services.db()).await?;
        }
    }
    let problem = problem(run).await?;
    set_lab(run, input.lab, ProvisioningState::Failed, Some(problem)).await?;
    Ok(())
}

pub(crate) async fn remove(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: LabJob = run.input()?;
    let services = &run.services;
    let machines = machine::Entity::find()
        .filter(machine::Column::LabId.eq(input.lab))
        .all(services.db())
        .await?;
    if name == "stop" {
        for machine in machines {
            // What it holds is deleted in a moment: nothing is gained by a gentle end.
            services
                .engine()
                .hypervisor()
                .stop(machine.id, std::time::Duration::ZERO)
                .await?;
        }
        return answer(());
    }
    for machine in machines {
        build::remove_folder(&services.engine().machine_dir(machine.id)).await?;
        machine::Entity::delete_by_id(machine.id)
            .exec(services.db())
            .await?;
    }
    let tx = services.store().begin().await?;
    if let Some(row) = lab::Entity::find_by_id(input.lab).one(&tx).await? {
        let scopes = store::Scopes {
            allowed: vec![row.resource_key.clone()],
            within: None,
        };
        role_assignment::Entity::delete_many()
            .filter(role_assignment::Column::TenantId.eq(row.tenant_id))
            .filter(store::in_scopes(role_assignment::Column::Scope, &scopes))
            .exec(&tx)
            .await?;
        lab::Entity::delete_by_id(row.id).exec(&tx).await?;
    }
    tx.commit().await?;
    answer(())
}

/// A removal that failed is shown, and can be asked for again.
pub(crate) async fn undo_remove(run: &Run) -> Result<()> {
    let input: LabJob = run.input()?;
    let problem = problem(run).await?;
    set_lab(run, input.lab, ProvisioningState::Failed, Some(problem)).await?;
    Ok(())
}

async fn problem(run: &Run) -> Result<String> {
    Ok(run
        .problem()
        .await?
        .unwrap_or_else(|| Problem::new(Code::InternalServerError, "It failed."))
        .message)
}

async fn set_lab(
    run: &Run,
    id: Uuid,
    state: ProvisioningState,
    problem: Option<String>,
) -> Result<String> {
    let row = lab::Entity::find_by_id(id)
        .one(run.services.db())
        .await?
        .ok_or_else(|| Error::internal("the lab's row is gone"))?;
    let resource_id = row.resource_id.clone();
    lab::Entity::update_many()
        .col_expr(
            lab::Column::ProvisioningState,
            Expr::value(state.to_string()),
        )
        .col_expr(lab::Column::Problem, Expr::value(problem))
        .col_expr(lab::Column::JobId, Expr::value(Option::<Uuid>::None))
        .col_expr(lab::Column::UpdatedAt, Expr::value(run.services.now()))
        .filter(lab::Column::Id.eq(id))
        .exec(run.services.db())
        .await?;
    Ok(resource_id)
}
