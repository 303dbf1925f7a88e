//! A version's files are removed, then its row.

use domain::image::VersionState;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::image_version;
use uuid::Uuid;

use super::run::answer;
use super::{Run, Step, Stop, build, kept, step as named};
use crate::Result;

/// What a deletion was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RemoveJob {
    /// The version.
    pub(crate) version: Uuid,
}

impl RemoveJob {
    /// The one step of this deletion.
    pub(crate) fn steps() -> Vec<Step> {
        vec![named("remove", "Remove all copies")]
    }
}

pub(crate) async fn version(run: &Run) -> std::result::Result<Value, Stop> {
    let input: RemoveJob = run.input()?;
    build::remove_objects(run, input.version).await?;
    let tx = run.services.store().begin().await?;
    image_version::Entity::delete_by_id(input.version)
        .exec(&tx)
        .await?;
    kept::end_all(&run.services, &tx, input.version).await?;
    tx.commit().await?;
    answer(())
}

/// What could not be removed stays marked as failed, to be deleted again.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: RemoveJob = run.input()?;
    build::set_version(run, input.version, VersionState::Failed, None).await
}
