//! Versions that were deleted in a gallery that keeps them for a while: listed, restored, and removed in the end.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::image::{VersionState, VersionView};
use domain::job::JobView;
use domain::rbac::Action;
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use store::entity::image_version::{Column, Entity, Model};
use store::entity::{gallery, image};
use store::{Scopes, in_scopes};

use super::idle;
use crate::find::{Findable as _, bears, find, hidden, only};
use crate::resource::{tags_column, touch};
use crate::{Result, Services, Target};

/// Deleted versions that one sweep removes at the most, so that it never takes long.
const PURGED_AT_ONCE: u64 = 100;

impl Services {
    /// The deleted versions of a definition that can still be restored, highest number first.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed` for who may not delete versions of the definition.
    pub async fn version_list_deleted(
        &self,
        ctx: &OpContext,
        image: impl Into<Target>,
        page: &PageRequest,
    ) -> Result<Page<VersionView>> {
        let image = find::<image::Entity>(self.db(), ctx, &image.into()).await?;
        ctx.authorize(Action::VersionRead, Action::ImageRead, &image.resource_key)
            .map_err(hidden::<image::Entity>)?;
        let scopes = Scopes {
            allowed: ctx.scopes(Action::VersionRead),
            within: Some(image.resource_key.clone()),
        };
        let query = Entity::find()
            .filter(Column::ImageId.eq(image.id))
            .filter(Column::TenantId.eq(ctx.tenant()))
            .filter(Column::DeletedAt.is_not_null())
            .filter(in_scopes(Column::ResourceKey, &scopes));
        let page = PageRequest {
            descending: true,
            ..page.clone()
        };
        let rows = self.page(query, Column::SortKey, &page).await?;
        rows.map_all(|rows| self.version_views(rows)).await
    }

    /// Restores a deleted version; none when no deleted one bears the name and the caller may create it.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `Conflict` when its copies are being removed.
    pub async fn version_restore(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        tags: Option<BTreeMap<String, String>>,
    ) -> Result<Option<VersionView>> {
        self.find_parent::<image::Entity>(ctx, id, Action::VersionWrite)
            .await?;
        Problem::unless_empty(tags.iter().flat_map(domain::gallery::tags).collect())?;
        let (tx, found) = self.begin_deleted(ctx, &id.into()).await?;
        let Some(row) = found else {
            return Ok(None);
        };
        idle(&row)?;
        if row.state != VersionState::Succeeded.to_string() {
            let message = "Copies of this version are removed already, so it can't be restored.";
            return Err(Problem::new(Code::Conflict, message)
                .at(row.resource_id)
                .into());
        }
        let mut row = row.into_active_model();
        row.deleted_at = Set(None);
        row.purge_at = Set(None);
        if let Some(tags) = tags.filter(|tags| !tags.is_empty()) {
            row.tags = tags_column(&tags)?;
        }
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        self.record_done(&tx, ctx, "version_restore", &row.resource_id, "restored")
            .await?;
        tx.commit().await?;
        Ok(Some(only(self.version_views(vec![row]).await?)?))
    }

    /// Removes a deleted version with all its copies before its time.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `Conflict` while a job works on it.
    pub async fn version_purge(&self, ctx: &OpContext, id: &ResourceId) -> Result<JobView> {
        self.find_parent::<image::Entity>(ctx, id, Action::VersionDelete)
            .await?;
        let (tx, found) = self.begin_deleted(ctx, &id.into()).await?;
        let row = found.ok_or_else(|| Problem::not_found("The deleted image version"))?;
        idle(&row)?;
        let job = self.version_remove(&tx, ctx, row).await?;
        self.job_begin(tx, job).await
    }

    /// Hides a version until it is restored or its time has come.
    pub(super) async fn version_hide(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        row: Model,
        gallery: &gallery::Model,
    ) -> Result<()> {
        let days = gallery
            .retention_days
            .map_or(self.settings().retention_days, i32::unsigned_abs);
        let mut row = row.into_active_model();
        row.deleted_at = Set(Some(ctx.now));
        row.purge_at = Set(Some(ctx.now + TimeDelta::days(days.into())));
        touch!(self, ctx, row);
        let row = row.update(tx).await?;
        let detail = format!("can be restored for {days} days");
        self.record_done(tx, ctx, "version_delete", &row.resource_id, detail)
            .await
    }

    /// Begins the removal of the deleted versions whose time has come.
    pub(crate) async fn version_sweep(&self) -> Result<()> {
        let due = Entity::find()
            .filter(Column::PurgeAt.lte(self.now()))
            .filter(Column::JobId.is_null())
            .limit(PURGED_AT_ONCE)
            .all(self.db())
            .await?;
        for row in due {
            let ctx = self.system(row.tenant_id, "sweep");
            let id = ResourceId::from_stored(row.resource_id);
            match self.version_purge(&ctx, &id).await {
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(version.id = %row.id, %error, "a deleted version can't be removed yet")
                }
            }
        }
        Ok(())
    }

    async fn begin_deleted(
        &self,
        ctx: &OpContext,
        target: &Target,
    ) -> Result<(DatabaseTransaction, Option<Model>)> {
        let tx = self.store().begin().await?;
        let held = Entity::find()
            .filter(Entity::TENANT.eq(ctx.tenant()))
            .filter(Column::DeletedAt.is_not_null())
            .filter(bears::<Entity>(target))
            .lock_exclusive();
        let row = held.one(&tx).await?;
        Ok((tx, row))
    }
}
