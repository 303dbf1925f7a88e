//! Galleries. Rules A1-A6, A38, A66.

mod moving;
mod view;

use domain::gallery::{GalleryInput, GalleryUpdate, GalleryView, SoftDelete};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use store::entity::gallery::{ActiveModel, Column, Entity, Model};
use store::entity::{image, lab_plan};

use crate::find::{only, visible};
use crate::resource::{fixed, in_use, quota, resource_row, some, tags_column, touch};
use crate::{Put, Result, Services, Target};

impl Services {
    /// The galleries that the caller sees, in the whole tenant or within a scope. Rules A71, A72.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn gallery_list(
        &self,
        ctx: &OpContext,
        scope: Option<&ResourceId>,
        page: &PageRequest,
    ) -> Result<Page<GalleryView>> {
        let sort = match page.sort.as_deref() {
            Some("location") => Column::Location,
            Some("createdAt") => Column::CreatedAt,
            _ => Column::Name,
        };
        let query = visible::<Entity>(ctx, Action::GalleryRead, scope);
        let rows = self.page(query, sort, page).await?;
        rows.map_all(|rows| self.gallery_views(rows)).await
    }

    /// One gallery.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn gallery_get(
        &self,
        ctx: &OpContext,
        gallery: impl Into<Target>,
    ) -> Result<GalleryView> {
        let row = self
            .find_for::<Entity>(ctx, gallery, Action::GalleryRead)
            .await?;
        only(self.gallery_views(vec![row]).await?)
    }

    /// Creates a gallery, or changes description, tags and what becomes of deleted versions. Rules A37, A38, A66.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `QuotaExceeded`, `AlreadyExists`, `PreconditionFailed`.
    pub async fn gallery_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: GalleryInput,
        precondition: Precondition,
    ) -> Result<Put<GalleryView>> {
        ctx.authorize(Action::GalleryWrite, Action::ResourceGroupRead, &id.key())?;
        Problem::unless_empty(input.check(id.name(), &self.settings().regions))?;
        let location = self.settings().regions.short_name(&input.location);
        let description = input.description.trim().to_owned();
        let (tx, found) = self.begin_put::<Entity>(ctx, id, &precondition).await?;
        let created = found.is_none();
        let row = match found {
            Some(row) => {
                fixed("location", &row.location, &location)?;
                let mut row = row.into_active_model();
                row.description = Set(description);
                row.tags = tags_column(&input.tags)?;
                keep_deleted(&mut row, input.soft_delete);
                touch!(self, ctx, row);
                row.update(&tx).await?
            }
            None => {
                let (tenant, subscription) = (ctx.tenant(), id.subscription());
                let regions = &self.settings().regions;
                let place = [location.as_str()];
                let closed = regions.closed("location", place, tenant, subscription);
                Problem::unless_empty(closed)?;
                let policy = input.soft_delete.unwrap_or_default();
                let max = self.settings().limits.galleries;
                quota::<Entity>(&tx, id, &location, max, "galleries").await?;
                let columns = resource_row!(
                    self,
                    ctx,
                    id,
                    location,
                    &input.tags,
                    gallery {
                        description: description,
                        soft_delete: policy.enabled,
                        retention_days: days(policy),
                    }
                );
                columns.insert(&tx).await?
            }
        };
        self.end_put(tx, ctx, "gallery_put", &row.resource_id, created)
            .await?;
        let value = only(self.gallery_views(vec![row]).await?)?;
        Ok(Put { value, created })
    }

    /// Changes what of a gallery can be changed. Rule A66.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `InvalidRequest`, `PreconditionFailed`.
    pub async fn gallery_update(
        &self,
        ctx: &OpContext,
        gallery: impl Into<Target>,
        update: GalleryUpdate,
        precondition: Precondition,
    ) -> Result<GalleryView> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, gallery, Action::GalleryWrite, &precondition)
            .await?;
        Problem::unless_empty(update.check(&row.location, &self.settings().regions))?;
        let mut row = row.into_active_model();
        if let Some(description) = update.description {
            row.description = Set(description.trim().to_owned());
        }
        if let Some(tags) = &update.tags {
            row.tags = tags_column(tags)?;
        }
        keep_deleted(&mut row, update.soft_delete);
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        self.record_done(&tx, ctx, "gallery_update", &row.resource_id, "changed")
            .await?;
        tx.commit().await?;
        only(self.gallery_views(vec![row]).await?)
    }

    /// Deletes an empty gallery.
    ///
    /// # Errors
    /// `ResourceInUse` while it holds image definitions or a lab plan has it attached, and names them;
    /// `PreconditionFailed`.
    pub async fn gallery_delete(
        &self,
        ctx: &OpContext,
        gallery: impl Into<Target>,
        precondition: Precondition,
    ) -> Result<()> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, gallery, Action::GalleryDelete, &precondition)
            .await?;
        unused(&tx, &row).await?;
        self.end_delete::<Entity>(tx, ctx, "gallery_delete", &row)
            .await
    }
}

/// Sets what becomes of deleted versions, when a policy is given; those that are deleted keep their time.
fn keep_deleted(row: &mut ActiveModel, policy: Option<SoftDelete>) {
    if let Some(policy) = policy {
        row.soft_delete = Set(policy.enabled);
        row.retention_days = Set(days(policy));
    }
}

fn days(policy: SoftDelete) -> Option<i32> {
    policy
        .retention_days
        .map(|days| i32::try_from(days).unwrap_or(i32::MAX))
}

/// Refuses while the gallery holds definitions, or a lab plan has it attached.
async fn unused(tx: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let images = image::Entity::find()
        .filter(image::Column::GalleryId.eq(row.id))
        .order_by_asc(image::Column::Name)
        .all(tx)
        .await?;
    if !images.is_empty() {
        let names: Vec<&str> = images.iter().map(|image| image.name.as_str()).collect();
        let message = format!(
            "“{}” still holds {} image definitions ({}). Delete them first.",
            row.name,
            names.len(),
            some(&names)
        );
        return Err(in_use(&row.resource_id, message));
    }
    let plans = lab_plan::Entity::find()
        .filter(lab_plan::Column::GalleryId.eq(row.id))
        .all(tx)
        .await?;
    if plans.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = plans.iter().map(|plan| plan.name.as_str()).collect();
    let message = format!(
        "“{}” is attached to the lab plans {}. Detach it first.",
        row.name,
        names.join(", ")
    );
    Err(in_use(&row.resource_id, message))
}
