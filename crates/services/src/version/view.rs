//! Versions as callers see them, with where their copies stand. Rule A54.

use std::collections::{BTreeMap, HashMap};

use domain::image::{
    Deleted, ImageInput, RegionStatus, ReplicaState, StorageType, VersionState, VersionView,
};
use domain::{DiskSize, ImageVersion};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::entity::image_version::Model;
use store::entity::{gallery, image, replica};
use uuid::Uuid;

use crate::resource::meta;
use crate::{Error, Result, Services};

impl Services {
    pub(super) async fn version_views(&self, rows: Vec<Model>) -> Result<Vec<VersionView>> {
        let db = self.db();
        let images: HashMap<Uuid, image::Model> = image::Entity::find()
            .filter(image::Column::Id.is_in(rows.iter().map(|row| row.image_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let galleries: HashMap<Uuid, String> = gallery::Entity::find()
            .filter(gallery::Column::Id.is_in(rows.iter().map(|row| row.gallery_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        let mut replicas: HashMap<Uuid, Vec<replica::Model>> = HashMap::new();
        let found = replica::Entity::find()
            .filter(replica::Column::VersionId.is_in(rows.iter().map(|row| row.id)))
            .all(db)
            .await?;
        for row in found {
            replicas.entry(row.version_id).or_default().push(row);
        }
        rows.into_iter()
            .map(|row| {
                let image = images
                    .get(&row.image_id)
                    .ok_or_else(|| Error::internal("a version without definition"))?;
                let gallery = galleries.get(&row.gallery_id).cloned().unwrap_or_default();
                let regions =
                    statuses(replicas.get(&row.id).map(Vec::as_slice).unwrap_or_default());
                view(row, image, gallery, regions)
            })
            .collect()
    }
}

/// The number of a version's row.
pub(crate) fn number(row: &Model) -> ImageVersion {
    let part = |n: i64| u32::try_from(n).unwrap_or_default();
    ImageVersion {
        major: part(row.major),
        minor: part(row.minor),
        patch: part(row.patch),
    }
}

fn statuses(replicas: &[replica::Model]) -> Vec<RegionStatus> {
    let mut regions: BTreeMap<&str, Vec<&replica::Model>> = BTreeMap::new();
    // Copies that are about to go are not among those wanted.
    for replica in replicas.iter().filter(|replica| !replica.retiring) {
        regions.entry(&replica.region).or_default().push(replica);
    }
    let rank = |state: ReplicaState| match state {
        ReplicaState::Failed => 0,
        ReplicaState::Pending => 1,
        ReplicaState::Replicating => 2,
        ReplicaState::Verifying => 3,
        ReplicaState::Ready => 4,
    };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    regions
        .into_iter()
        .map(|(region, rows)| {
            let states = || {
                rows.iter()
                    .map(|row| ReplicaState::parse(&row.state).unwrap_or(ReplicaState::Failed))
            };
            let percent: i32 = rows.iter().map(|row| row.percent.clamp(0, 100)).sum();
            RegionStatus {
                region: region.to_owned(),
                replicas: count(rows.len()),
                storage: rows
                    .first()
                    .and_then(|row| StorageType::parse(&row.storage))
                    .unwrap_or_default(),
                ready: count(
                    states()
                        .filter(|state| *state == ReplicaState::Ready)
                        .count(),
                ),
                state: states()
                    .min_by_key(|state| rank(*state))
                    .unwrap_or(ReplicaState::Pending),
                percent: u8::try_from(percent / i32::try_from(rows.len()).unwrap_or(1))
                    .unwrap_or(100),
                detail: rows.iter().find_map(|row| row.detail.clone()),
            }
        })
        .collect()
}

fn view(
    row: Model,
    image: &image::Model,
    gallery_name: String,
    regions: Vec<RegionStatus>,
) -> Result<VersionView> {
    let properties: ImageInput = serde_json::from_value(image.properties.clone())?;
    let disks: Vec<crate::jobs::Disk> = serde_json::from_value(row.disks.clone())?;
    let os_disk = DiskSize::from_bytes(row.os_disk_bytes.unsigned_abs());
    let disk_count = row.disk_count.unsigned_abs();
    Ok(VersionView {
        meta: meta!(row),
        image: row.image_id,
        image_name: image.name.clone(),
        gallery: row.gallery_id,
        gallery_name,
        version: number(&row),
        state: VersionState::parse(&row.state).unwrap_or(VersionState::Failed),
        os_state: properties.os_state,
        os_type: properties.os_type,
        disallowed_disk_types: properties.disallowed_disk_types,
        purchase_plan: properties.purchase_plan,
        exclude_from_latest: row.exclude_from_latest,
        end_of_life: row.end_of_life,
        os_disk,
        occupied_bytes: row.occupied_bytes.unsigned_abs(),
        disk_count,
        checksum: disks
            .first()
            .map(|disk| disk.checksum.clone())
            .unwrap_or_default(),
        source: serde_json::from_value(row.source)?,
        regions,
        job: row.job_id,
        deleted: row
            .deleted_at
            .zip(row.purge_at)
            .map(|(at, purge_at)| Deleted { at, purge_at }),
        lab_barriers: if disks.is_empty() {
            Vec::new()
        } else {
            VersionView::barriers(os_disk, disk_count)
        },
    })
}
