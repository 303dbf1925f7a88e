//! A disk, snapshot or managed image is made; one is removed.

use domain::image::VersionState;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::disk;
use uuid::Uuid;

use super::build::{self, Disk};
use super::machine::release;
use super::medium::{self, DISKS, Part, disk_key};
use super::run::answer;
use super::{Run, Step, Stop, import, step as named};
use crate::{Error, Result};

/// What is made or removed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DiskJob {
    /// The disk, snapshot or managed image.
    pub(crate) disk: Uuid,
    /// Its region.
    pub(crate) region: String,
    /// What it is made of, disk by disk.
    pub(crate) parts: Vec<Part>,
    /// The machine whose disks are read; it stays off meanwhile.
    pub(crate) machine: Option<Uuid>,
}

impl DiskJob {
    /// The steps of a creation.
    pub(crate) fn create() -> Vec<Step> {
        vec![
            named("reserve", "Check the space"),
            named("copy", "Write the disk"),
            named("verify", "Check the disk and take its checksum"),
            named("keep", "Put it into the region's store"),
        ]
    }

    /// The one step of a removal.
    pub(crate) fn remove() -> Vec<Step> {
        vec![named("remove", "Remove the files")]
    }
}

pub(crate) async fn create(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: DiskJob = run.input()?;
    match name {
        "reserve" => answer(medium::reserve(run, &input.region, &input.parts).await?),
        "copy" => {
            medium::stage(run, &input.parts).await?;
            answer(input.parts.len())
        }
        "verify" => {
            if let Some(machine) = input.machine {
                release(run, machine, None).await?;
            }
            let count = u32::try_from(input.parts.len()).unwrap_or(u32::MAX);
            answer(build::inspect(run, count).await?)
        }
        "keep" => keep(run, &input).await,
        other => Err(Error::internal(format!("no step {other}")).into()),
    }
}

async fn keep(run: &Run, input: &DiskJob) -> std::result::Result<Value, Stop> {
    let services = &run.services;
    let disks: Vec<Disk> = run.output("verify")?;
    for (number, _) in (0..).zip(&disks) {
        let key = disk_key(input.disk, number);
        let stores = services.engine().stores();
        stores
            .adopt(&input.region, &key, &build::staged(run, number))
            .await?;
    }
    let row = find_disk(run, input.disk).await?;
    let resource_id = row.resource_id.clone();
    let mut row = row.into_active_model();
    row.state = Set(VersionState::Succeeded.to_string());
    row.disks = Set(serde_json::to_value(&disks)?);
    row.job_id = Set(None);
    row.etag = Set(services.new_etag());
    row.updated_at = Set(services.now());
    row.update(services.db()).await?;
    for upload in medium::uploads(&input.parts) {
        import::remove_upload(run, &upload).await?;
    }
    build::remove_folder(&build::staging(run)).await?;
    answer(resource_id)
}

/// Takes a creation back: files first, so that no row forgets a file.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: DiskJob = run.input()?;
    let stores = run.services.engine().stores();
    stores
        .delete_all(&input.region, &format!("{DISKS}/{}", input.disk))
        .await?;
    build::remove_folder(&build::staging(run)).await?;
    if let Some(machine) = input.machine {
        release(run, machine, None).await?;
    }
    import::free_uploads(run, &medium::uploads(&input.parts)).await?;
    forget(run, input.disk).await
}

pub(crate) async fn remove(run: &Run) -> std::result::Result<Value, Stop> {
    let input: DiskJob = run.input()?;
    let stores = run.services.engine().stores();
    stores
        .delete_all(&input.region, &format!("{DISKS}/{}", input.disk))
        .await?;
    forget(run, input.disk).await?;
    answer(())
}

/// What could not be removed stays marked as failed, to be deleted again.
pub(crate) async fn undo_remove(run: &Run) -> Result<()> {
    let input: DiskJob = run.input()?;
    let mut row = find_disk(run, input.disk).await?.into_active_model();
    row.state = Set(VersionState::Failed.to_string());
    row.job_id = Set(None);
    row.update(run.services.db()).await?;
    Ok(())
}

/// Removes a disk's row, and the roles that were given at it.
pub(super) async fn forget(run: &Run, id: Uuid) -> Result<()> {
    let tx = run.services.store().begin().await?;
    if let Some(row) = disk::Entity::find_by_id(id).one(&tx).await? {
        disk::Entity::delete_by_id(id).exec(&tx).await?;
        let ctx = run.ctx();
        run.services
            .rights_forget(&tx, &ctx, &row.resource_key)
            .await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn find_disk(run: &Run, id: Uuid) -> Result<disk::Model> {
    let row = disk::Entity::find_by_id(id).one(run.services.db()).await?;
    row.ok_or_else(|| Error::internal("the disk's row is gone"))
}
