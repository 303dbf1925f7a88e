//! A virtual machine, a managed image, disks or snapshots become an image version. Rules A4, A7, A8, A73, A74.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::build::{self, BuildInput};
use super::machine::release;
use super::medium::{self, Part};
use super::run::answer;
use super::{Run, Step, Stop, export, step as named};
use crate::Result;

/// What a capture was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CaptureInput {
    /// The version that it makes.
    pub(crate) build: BuildInput,
    /// The machine whose disks are read; it is stopped and stays off meanwhile.
    pub(crate) machine: Option<Uuid>,
    /// The disks that it reads, the OS disk first.
    pub(crate) parts: Vec<Part>,
}

impl CaptureInput {
    /// The steps of this capture.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut stage = Vec::new();
        if self.machine.is_some() {
            stage.push(named("quiesce", "Stop the machine"));
        }
        stage.push(named("copy", "Write the image"));
        build::steps(stage, &self.build)
    }
}

pub(crate) async fn step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: CaptureInput = run.input()?;
    match (name, input.machine) {
        ("reserve", _) => {
            let region = &input.build.source_region;
            let needed = medium::reserve(run, region, &input.parts).await?;
            build::reserve(run, &input.build, needed)
        }
        ("quiesce", Some(machine)) => export::quiesce(run, machine).await,
        ("copy", _) => {
            medium::stage(run, &input.parts).await?;
            answer(input.parts.len())
        }
        ("verify", Some(machine)) => {
            // The disks are read: from here on the machine may be used again.
            release(run, machine, None).await?;
            build::finish(run, &input.build, name).await
        }
        _ => build::finish(run, &input.build, name).await,
    }
}

/// Frees the machine, then takes the version back.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: CaptureInput = run.input()?;
    if let Some(machine) = input.machine {
        release(run, machine, None).await?;
    }
    build::undo(run, &input.build).await
}
