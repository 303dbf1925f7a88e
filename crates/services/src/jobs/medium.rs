//! The bytes of disks, snapshots and managed images: objects in their region's store, or layers in the folder of the
//! machine that a disk is attached to.

use std::path::PathBuf;

use domain::image::ReplicaState;
use domain::{Code, Problem};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use store::entity::{disk, replica};
use uuid::Uuid;

use super::import::{self, SourceFile};
use super::machine::disk_path;
use super::replica::{no_room, store_of};
use super::{Run, Stop, build};
use crate::{Result, Services};

/// Under which all kept disks' files are, in every store.
pub(super) const DISKS: &str = "disks";

/// A disk that a job reads or makes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Part {
    /// Nothing yet, of this size.
    Empty { bytes: u64 },
    /// A kept disk, or one disk of a managed image.
    Kept { disk: Uuid, number: u32 },
    /// A disk of a version, from a copy in a region.
    Version {
        version: Uuid,
        number: u32,
        region: String,
        bytes: u64,
    },
    /// An upload.
    Upload(SourceFile),
}

/// The key of a kept disk in its region's store.
pub(crate) fn disk_key(disk: Uuid, number: u32) -> String {
    format!("{DISKS}/{disk}/{number}.qcow2")
}

/// Where a kept disk's newest layer lies.
pub(super) async fn file_of(
    services: &Services,
    row: &disk::Model,
    number: u32,
) -> Result<PathBuf> {
    match (row.machine_id, row.slot) {
        (Some(machine), Some(slot)) => Ok(disk_path(
            services,
            machine,
            u32::try_from(slot).unwrap_or_default(),
        )),
        _ => {
            let key = disk_key(row.id, number);
            let stores = services.engine().stores();
            Ok(stores.local_path(&row.location, &key).await?)
        }
    }
}

/// Refuses early what would not fit: in the region, when the parts are kept there.
pub(super) async fn reserve(
    run: &Run,
    region: &str,
    parts: &[Part],
) -> std::result::Result<u64, Stop> {
    let disks = run.services.engine().disks();
    let mut needed = 0_u64;
    for part in parts {
        needed = needed.saturating_add(match part {
            Part::Empty { .. } => 0,
            Part::Kept { disk, number } => {
                disks
                    .measure(&kept_file(run, *disk, *number).await?)
                    .await?
            }
            Part::Version { bytes, .. } => *bytes,
            Part::Upload(file) => {
                let probed = disks.probe(&file.path, import::format(file)?).await;
                probed
                    .map_err(|error| import::refused(file, error))?
                    .actual_bytes
            }
        });
    }
    let free = run.services.engine().stores().free_bytes(region)?;
    if free < needed {
        return Err(no_room(region, needed, free).into());
    }
    Ok(needed)
}

/// Writes the parts as whole disks where the job stages them.
pub(super) async fn stage(run: &Run, parts: &[Part]) -> std::result::Result<(), Stop> {
    let disks = run.services.engine().disks();
    tokio::fs::create_dir_all(build::staging(run)).await?;
    for (number, part) in (0..).zip(parts) {
        run.proceed()?;
        let target = build::staged(run, number);
        match part {
            Part::Empty { bytes } => disks.create(&target, *bytes).await?,
            Part::Kept { disk, number } => {
                let source = kept_file(run, *disk, *number).await?;
                disks.flatten(&source, &target, &run.watch()).await?;
            }
            Part::Version {
                version,
                number,
                region,
                ..
            } => {
                let source = version_file(run, *version, *number, region).await?;
                disks.flatten(&source, &target, &run.watch()).await?;
            }
            Part::Upload(file) => {
                let (format, watch) = (import::format(file)?, run.watch());
                let imported = disks.import(&file.path, format, &target, &watch).await;
                imported.map_err(|error| import::refused(file, error))?;
            }
        }
    }
    Ok(())
}

/// The uploads among the parts.
pub(super) fn uploads(parts: &[Part]) -> Vec<SourceFile> {
    let upload = |part: &Part| match part {
        Part::Upload(file) => Some(file.clone()),
        _ => None,
    };
    parts.iter().filter_map(upload).collect()
}

async fn kept_file(run: &Run, id: Uuid, number: u32) -> std::result::Result<PathBuf, Stop> {
    let row = disk::Entity::find_by_id(id).one(run.services.db()).await?;
    let gone = "What it was to be made from was deleted meanwhile.";
    let row = row.ok_or_else(|| Problem::new(Code::Conflict, gone))?;
    Ok(file_of(&run.services, &row, number).await?)
}

async fn version_file(
    run: &Run,
    version: Uuid,
    number: u32,
    region: &str,
) -> std::result::Result<PathBuf, Stop> {
    let copy = replica::Entity::find()
        .filter(replica::Column::VersionId.eq(version))
        .filter(replica::Column::Region.eq(region))
        .filter(replica::Column::State.eq(ReplicaState::Ready.to_string()))
        .order_by_asc(replica::Column::Ordinal)
        .one(run.services.db())
        .await?;
    let Some(copy) = copy else {
        let gone = "The version has no finished copy in this region any more.";
        return Err(Problem::new(Code::Conflict, gone).at(region).into());
    };
    let key = build::object_key(version, number, copy.ordinal);
    let stores = run.services.engine().stores();
    Ok(stores.local_path(store_of(&copy), &key).await?)
}
