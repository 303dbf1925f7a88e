//! What every new version goes through once its disks are staged: verify, replicate, publish; or undo.

use std::path::PathBuf;

use domain::image::{TargetRegion, VersionState};
use domain::{DiskSize, Problem};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::{image, image_version, plan_image};
use uuid::Uuid;

use super::run::answer;
use super::{Run, Step, Stop, kept, replica, step};
use crate::{Error, Result};

/// Under which all versions' files are, in every store.
pub(super) const IMAGES: &str = "images";

/// What a job that makes a version must know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BuildInput {
    /// The version that is made.
    pub(crate) version: Uuid,
    /// Its definition.
    pub(crate) image: Uuid,
    /// The definition was made for this version, and goes with it if the job is undone.
    pub(crate) created_image: bool,
    /// The region in which the disks are staged. Rule A80.
    pub(crate) source_region: String,
    /// The regions and counts that are wanted, the source region among them.
    pub(crate) targets: Vec<TargetRegion>,
    /// The lab plan that offers the image from then on. Rule B15.
    pub(crate) plan: Option<Uuid>,
    /// How many disks there are.
    pub(crate) disks: u32,
}

/// One disk of a version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Disk {
    pub(crate) virtual_bytes: u64,
    pub(crate) occupied_bytes: u64,
    pub(crate) checksum: String,
}

/// The steps around those that stage the disks. The version can be used as soon as its source region has it;
/// the other regions follow. Rule A55.
pub(crate) fn steps(stage: Vec<Step>, input: &BuildInput) -> Vec<Step> {
    let mut steps = vec![step("reserve", "Check the space")];
    steps.extend(stage);
    steps.push(step("verify", "Check the image and take its checksum"));
    let mut copies = replicate_steps(&input.source_region, &input.targets).into_iter();
    steps.extend(copies.next());
    steps.push(step("publish", "Publish the version"));
    steps.extend(copies);
    steps.push(step("complete", "Finish"));
    steps
}

/// One step for each region, the source region first: the others are copied from it.
pub(crate) fn replicate_steps(source_region: &str, targets: &[TargetRegion]) -> Vec<Step> {
    let mut regions: Vec<&str> = targets
        .iter()
        .map(|target| target.region.as_str())
        .collect();
    regions.sort_by_key(|region| *region != source_region);
    regions
        .into_iter()
        .map(|region| step(format!("replicate:{region}"), format!("Copy to {region}")))
        .collect()
}

/// The key of one disk of one replica in its region's store.
pub(crate) fn object_key(version: Uuid, disk: u32, ordinal: i32) -> String {
    format!("{IMAGES}/{version}/{disk}-{ordinal}.qcow2")
}

/// The folder in which a job stages its disks.
pub(crate) fn staging(run: &Run) -> PathBuf {
    run.services
        .engine()
        .staging_dir()
        .join(run.job.id.to_string())
}

/// The file in which a job stages one disk.
pub(crate) fn staged(run: &Run, disk: u32) -> PathBuf {
    staging(run).join(format!("disk-{disk}.qcow2"))
}

/// Refuses early what would not fit in the region that the version is made in. The other regions are asked when their
/// turn comes: one of them being full is no reason to have no version at all. Rule A55.
pub(crate) fn reserve(
    run: &Run,
    input: &BuildInput,
    needed_bytes: u64,
) -> std::result::Result<Value, Stop> {
    let source = TargetRegion::new(&input.source_region, 1);
    let mut targets = input.targets.iter();
    let target = targets
        .find(|target| target.region == source.region)
        .unwrap_or(&source);
    let regions = &run.services.settings().regions;
    for (store, copies) in domain::image::spread(target, regions) {
        let free = run.services.engine().stores().free_bytes(&store)?;
        let needed = needed_bytes.saturating_mul(copies);
        if free < needed {
            return Err(replica::no_room(&store, needed, free).into());
        }
    }
    answer(needed_bytes)
}

/// The steps behind the staging.
pub(crate) async fn finish(
    run: &Run,
    input: &BuildInput,
    name: &str,
) -> std::result::Result<Value, Stop> {
    match name.strip_prefix("replicate:") {
        Some(region) => {
            let disks: Vec<Disk> = run.output("verify")?;
            replica::replicate(run, input.version, &input.source_region, region, &disks).await
        }
        None if name == "verify" => verify(run, input).await,
        None if name == "publish" => publish(run, input).await,
        None if name == "complete" => {
            set_version(run, input.version, VersionState::Succeeded, None).await?;
            answer(run.output::<String>("publish")?)
        }
        None => Err(Error::internal(format!("no step {name}")).into()),
    }
}

async fn verify(run: &Run, input: &BuildInput) -> std::result::Result<Value, Stop> {
    answer(inspect(run, input.disks).await?)
}

/// Checks the disks that a job staged, and tells their sizes and checksums. Rule A42.
pub(super) async fn inspect(run: &Run, disks: u32) -> std::result::Result<Vec<Disk>, Stop> {
    let engine = run.services.engine();
    let mut found = Vec::new();
    for disk in 0..disks {
        let path = staged(run, disk);
        engine.disks().check(&path).await?;
        let facts = engine.disks().facts(&path).await?;
        let limit = run.services.settings().limits.disk_bytes;
        if facts.virtual_bytes > limit {
            let violation = domain::Violation::new(domain::Rule::DiskTooLarge, "disk")
                .with("size", DiskSize::from_bytes(facts.virtual_bytes))
                .with("max", DiskSize::from_bytes(limit));
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let checksum = engine.disks().checksum(&path, &run.watch()).await?;
        found.push(Disk {
            virtual_bytes: facts.virtual_bytes,
            occupied_bytes: facts.actual_bytes,
            checksum: checksum.to_string(),
        });
    }
    Ok(found)
}

async fn publish(run: &Run, input: &BuildInput) -> std::result::Result<Value, Stop> {
    let services = &run.services;
    let disks: Vec<Disk> = run.output("verify")?;
    let tx = services.store().begin().await?;
    let row = image_version::Entity::find_by_id(input.version)
        .one(&tx)
        .await?;
    let row = row.ok_or_else(|| Error::internal("the version's row is gone"))?;
    let resource_id = row.resource_id.clone();
    let occupied: u64 = disks.iter().map(|disk| disk.occupied_bytes).sum();
    let os_disk = disks
        .first()
        .map(|disk| disk.virtual_bytes)
        .unwrap_or_default();
    let mut active = row.into_active_model();
    active.state = Set(VersionState::Updating.to_string());
    active.os_disk_bytes = Set(i64::try_from(os_disk).unwrap_or(i64::MAX));
    active.occupied_bytes = Set(i64::try_from(occupied).unwrap_or(i64::MAX));
    active.disk_count = Set(i32::try_from(disks.len()).unwrap_or(i32::MAX));
    active.disks = Set(serde_json::to_value(&disks)?);
    active.etag = Set(services.new_etag());
    active.updated_at = Set(services.now());
    active.update(&tx).await?;
    if let Some(plan) = input.plan {
        let row = plan_image::ActiveModel {
            plan_id: Set(plan),
            image_id: Set(input.image),
            enabled: Set(true),
        };
        let keys = OnConflict::columns([plan_image::Column::PlanId, plan_image::Column::ImageId])
            .update_column(plan_image::Column::Enabled)
            .to_owned();
        plan_image::Entity::insert(row)
            .on_conflict(keys)
            .exec_without_returning(&tx)
            .await?;
    }
    tx.commit().await?;
    remove_folder(&staging(run)).await?;
    answer(resource_id)
}

/// Takes a version back that is not published: files first, so that no row forgets a file. One that is published
/// may be in use already, so it keeps the copies that are ready.
pub(crate) async fn undo(run: &Run, input: &BuildInput) -> Result<()> {
    if let Some(version) = image_version::Entity::find_by_id(input.version)
        .one(run.services.db())
        .await?
        && version.state != VersionState::Creating.to_string()
    {
        remove_folder(&staging(run)).await?;
        return super::replicate::keep_ready(run, &version).await;
    }
    remove_objects(run, input.version).await?;
    remove_folder(&staging(run)).await?;
    let tx = run.services.store().begin().await?;
    image_version::Entity::delete_by_id(input.version)
        .exec(&tx)
        .await?;
    kept::end_all(&run.services, &tx, input.version).await?;
    let others = image_version::Entity::find()
        .filter(image_version::Column::ImageId.eq(input.image))
        .count(&tx)
        .await?;
    if input.created_image && others == 0 {
        image::Entity::delete_by_id(input.image).exec(&tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Removes every file of a version, in all regions, half-made ones too; may be repeated.
pub(crate) async fn remove_objects(run: &Run, version: Uuid) -> Result<()> {
    let stores = run.services.engine().stores();
    let regions: Vec<String> = stores.regions().map(str::to_owned).collect();
    for region in regions {
        stores
            .delete_all(&region, &format!("{IMAGES}/{version}"))
            .await?;
    }
    Ok(())
}

/// Removes a folder that may be gone already.
pub(crate) async fn remove_folder(path: &std::path::Path) -> Result<()> {
    match tokio::fs::remove_dir_all(path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Sets a version's job and state.
pub(crate) async fn set_version(
    run: &Run,
    version: Uuid,
    state: VersionState,
    job: Option<Uuid>,
) -> Result<()> {
    image_version::Entity::update_many()
        .col_expr(image_version::Column::State, Expr::value(state.to_string()))
        .col_expr(image_version::Column::JobId, Expr::value(job))
        .filter(image_version::Column::Id.eq(version))
        .exec(run.services.db())
        .await?;
    Ok(())
}
