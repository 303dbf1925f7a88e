//! The uploads of a gallery, and how an upload is shown.

use domain::rbac::Action;
use domain::upload::UploadView;
use domain::{OpContext, Page, PageRequest, ResourceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::Cursor;
use store::entity::gallery;
use store::entity::upload::{Column, Entity, Model};

use super::receive::size;
use crate::{Result, Services, Target};

impl Services {
    /// The files that are on their way into a gallery or wait there to become a version, the newest first.
    ///
    /// # Errors
    /// `ResourceNotFound` and `AuthorizationFailed` for who may not write versions in the gallery.
    pub async fn upload_list(
        &self,
        ctx: &OpContext,
        gallery: impl Into<Target>,
        page: &PageRequest,
    ) -> Result<Page<UploadView>> {
        let gallery = self
            .find_for::<gallery::Entity>(ctx, gallery, Action::VersionWrite)
            .await?;
        let query = Entity::find().filter(Column::GalleryId.eq(gallery.id));
        let cursor = Cursor {
            sort: Column::CreatedAt,
            descending: true,
            id: Column::Id,
            name: Column::FileName,
        };
        let rows = store::fetch(self.db(), query, cursor, page).await?;
        let mut items = Vec::new();
        for row in rows.items {
            let arrived = self.arrived(&row).await?;
            items.push(view(row, &gallery, arrived));
        }
        Ok(Page {
            items,
            next: rows.next,
            total: rows.total,
        })
    }
}

/// An upload into this gallery, of which so many bytes arrived.
pub(super) fn view(row: Model, gallery: &gallery::Model, received_bytes: u64) -> UploadView {
    UploadView {
        id: row.id,
        gallery: gallery.id,
        gallery_resource_id: ResourceId::from_stored(gallery.resource_id.clone()),
        file_name: row.file_name,
        format: row.format,
        size_bytes: size(row.size_bytes),
        received_bytes,
        checksum: row.checksum,
        created_by: row.created_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        in_use: row.job_id.is_some(),
    }
}
