//! A template VM becomes an image version. Rules B11-B17.

use domain::machine::MachineState;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::build::{self, BuildInput};
use super::machine::{find_machine, release, set_state};
use super::run::answer;
use super::{Run, Step, Stop, step as named};
use crate::{Error, Result};

/// What an export was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ExportJob {
    /// The version that it makes.
    pub(crate) build: BuildInput,
    /// The template VM that it reads.
    pub(crate) machine: Uuid,
}

impl ExportJob {
    /// The steps of this export.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let stage = vec![
            named("quiesce", "Stop the machine"),
            named("snapshot", "Freeze and check its disk"),
            named("flatten", "Write the image"),
        ];
        build::steps(stage, &self.build)
    }
}

pub(crate) async fn step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: ExportJob = run.input()?;
    match name {
        "reserve" => {
            let mut needed = 0;
            for disk in 0..input.build.disks {
                needed += run
                    .services
                    .engine()
                    .disks()
                    .measure(&disk_path(run, &input, disk))
                    .await?;
            }
            build::reserve(run, &input.build, needed)
        }
        "quiesce" => quiesce(run, input.machine).await,
        "snapshot" => {
            let mut sizes = Vec::new();
            for disk in 0..input.build.disks {
                let path = disk_path(run, &input, disk);
                run.services.engine().disks().check(&path).await?;
                sizes.push(
                    run.services
                        .engine()
                        .disks()
                        .facts(&path)
                        .await?
                        .virtual_bytes,
                );
            }
            answer(sizes)
        }
        "flatten" => {
            tokio::fs::create_dir_all(build::staging(run)).await?;
            for disk in 0..input.build.disks {
                let (from, to) = (disk_path(run, &input, disk), build::staged(run, disk));
                run.services
                    .engine()
                    .disks()
                    .flatten(&from, &to, &run.watch())
                    .await?;
            }
            answer(input.build.disks)
        }
        "verify" => {
            // The disk is read: from here on the teacher may use the machine again.
            release(run, input.machine, None).await?;
            build::finish(run, &input.build, name).await
        }
        name => build::finish(run, &input.build, name).await,
    }
}

/// Stops a machine and keeps it off, so that its disks can be read.
pub(super) async fn quiesce(run: &Run, id: Uuid) -> std::result::Result<Value, Stop> {
    let machine = find_machine(run, id)
        .await?
        .ok_or_else(|| Error::internal("the machine's row is gone"))?;
    set_state(run, machine, MachineState::Exporting, None).await?;
    let grace = run.services.settings().stop_grace;
    let hypervisor = run.services.engine().hypervisor();
    tokio::select! {
        stopped = hypervisor.stop(id, grace) => stopped?,
        () = run.cancel.cancelled() => return Err(run.settle(engine::EngineError::Cancelled.into())),
    }
    answer(())
}

fn disk_path(run: &Run, input: &ExportJob, disk: u32) -> std::path::PathBuf {
    super::machine::disk_path(&run.services, input.machine, disk)
}

/// Frees the machine, then takes the version back.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: ExportJob = run.input()?;
    release(run, input.machine, None).await?;
    build::undo(run, &input.build).await
}
