//! Lab plans as callers see them.

use std::collections::HashMap;

use domain::ResourceId;
use domain::plan::{AttachedGallery, PlanView};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::entity::lab_plan::Model;
use store::entity::{gallery, lab};
use uuid::Uuid;

use crate::resource::{figures, meta};
use crate::{Result, Services};

impl Services {
    pub(super) async fn plan_views(&self, rows: Vec<Model>) -> Result<Vec<PlanView>> {
        let galleries: HashMap<Uuid, gallery::Model> = gallery::Entity::find()
            .filter(gallery::Column::Id.is_in(rows.iter().filter_map(|row| row.gallery_id)))
            .all(self.db())
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let key = lab::Column::PlanId;
        let made = lab::Entity::find().filter(key.is_in(rows.iter().map(|row| row.id)));
        let labs = figures(self.db(), key, lab::Column::Id.count(), made).await?;
        let views = rows.into_iter().map(|row| {
            let gallery = row.gallery_id.and_then(|id| galleries.get(&id));
            Ok(PlanView {
                meta: meta!(row),
                allowed_regions: serde_json::from_value(row.allowed_regions)?,
                gallery: gallery.map(|gallery| AttachedGallery {
                    id: gallery.id,
                    resource_id: ResourceId::from_stored(gallery.resource_id.clone()),
                    name: gallery.name.clone(),
                }),
                replicate_in_geography: row.replicate_in_geography,
                support: serde_json::from_value(row.support)?,
                lab_count: labs.get(&row.id).copied().unwrap_or_default(),
            })
        });
        views.collect()
    }
}
