//! Definitions as callers see them, with their newest version.

use std::collections::HashMap;

use domain::ImageVersion;
use domain::image::{ImageView, VersionState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::entity::image::Model;
use store::entity::{gallery, image_version};
use uuid::Uuid;

use crate::resource::meta;
use crate::{Result, Services};

impl Services {
    pub(super) async fn image_views(&self, rows: Vec<Model>) -> Result<Vec<ImageView>> {
        let galleries: HashMap<Uuid, String> = gallery::Entity::find()
            .filter(gallery::Column::Id.is_in(rows.iter().map(|row| row.gallery_id)))
            .all(self.db())
            .await?
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        let mut versions: HashMap<Uuid, Vec<(ImageVersion, bool)>> = HashMap::new();
        let found = image_version::Entity::find()
            .filter(image_version::Column::ImageId.is_in(rows.iter().map(|row| row.id)))
            .all(self.db())
            .await?;
        let mut counts: HashMap<Uuid, u64> = HashMap::new();
        let mut deleted: HashMap<Uuid, u64> = HashMap::new();
        for version in found {
            if version.deleted_at.is_some() {
                *deleted.entry(version.image_id).or_default() += 1;
                continue;
            }
            *counts.entry(version.image_id).or_default() += 1;
            // A version whose further copies still travel is in use already. Rule A55.
            if [VersionState::Succeeded, VersionState::Updating]
                .iter()
                .any(|state| version.state == state.to_string())
            {
                let number = crate::version::number(&version);
                versions
                    .entry(version.image_id)
                    .or_default()
                    .push((number, version.exclude_from_latest));
            }
        }
        rows.into_iter()
            .map(|row| {
                Ok(ImageView {
                    meta: meta!(row),
                    gallery: row.gallery_id,
                    gallery_name: galleries.get(&row.gallery_id).cloned().unwrap_or_default(),
                    properties: serde_json::from_value(row.properties)?,
                    latest: domain::version::latest(versions.remove(&row.id).unwrap_or_default()),
                    version_count: counts.get(&row.id).copied().unwrap_or_default(),
                    deleted_count: deleted.get(&row.id).copied().unwrap_or_default(),
                })
            })
            .collect()
    }
}
