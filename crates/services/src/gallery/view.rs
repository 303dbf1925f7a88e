//! Galleries as callers see them, with what they hold.

use domain::gallery::{GalleryView, SoftDelete};
use domain::image::ReplicaState;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use store::entity::gallery::Model;
use store::entity::{image, image_version, replica};
use uuid::Uuid;

use crate::resource::{figures, meta};
use crate::{Result, Services};

impl Services {
    pub(crate) async fn gallery_views(&self, rows: Vec<Model>) -> Result<Vec<GalleryView>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let db = self.db();
        let key = image::Column::GalleryId;
        let held = image::Entity::find().filter(key.is_in(ids.clone()));
        let images = figures(db, key, image::Column::Id.count(), held).await?;

        let key = image_version::Column::GalleryId;
        let held = image_version::Entity::find()
            .filter(key.is_in(ids.clone()))
            .filter(image_version::Column::DeletedAt.is_null());
        let versions = figures(db, key, image_version::Column::Id.count(), held).await?;

        let to_version = replica::Entity::belongs_to(image_version::Entity)
            .from(replica::Column::VersionId)
            .to(image_version::Column::Id)
            .into();
        let held = replica::Entity::find()
            .join(JoinType::InnerJoin, to_version)
            .filter(key.is_in(ids))
            .filter(replica::Column::State.eq(ReplicaState::Ready.to_string()));
        // PostgreSQL sums to a number without bounds.
        let sum = Expr::cust("CAST(SUM(image_version.occupied_bytes) AS BIGINT)");
        let stored = figures(db, key, sum, held).await?;

        let views = rows.into_iter().map(|row| {
            Ok(GalleryView {
                meta: meta!(row),
                image_count: images.get(&row.id).copied().unwrap_or_default(),
                version_count: versions.get(&row.id).copied().unwrap_or_default(),
                stored_bytes: stored.get(&row.id).copied().unwrap_or_default(),
                description: row.description,
                soft_delete: SoftDelete {
                    enabled: row.soft_delete,
                    retention_days: row.retention_days.map(i32::unsigned_abs),
                },
            })
        });
        views.collect()
    }
}
