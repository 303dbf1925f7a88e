//! Image definitions. Rules A9-A24, A39, A67.

mod view;

use domain::image::{ImageInput, ImageView};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use store::entity::image::{Column, Entity, Model};
use store::entity::{gallery, image_version};
use uuid::Uuid;

use crate::find::{find, hidden, only, visible};
use crate::resource::{in_use, quota, resource_row, some, tags_column, taken, touch};
use crate::{Put, Result, Services, Target};

impl Services {
    /// The definitions of a gallery that the caller sees. Rules A58, A59.
    ///
    /// # Errors
    /// `ResourceNotFound` when the caller sees neither the gallery nor a definition in it.
    pub async fn image_list(
        &self,
        ctx: &OpContext,
        gallery: impl Into<Target>,
        page: &PageRequest,
    ) -> Result<Page<ImageView>> {
        let gallery = find::<gallery::Entity>(self.db(), ctx, &gallery.into()).await?;
        let sort = match page.sort.as_deref() {
            Some("createdAt") => Column::CreatedAt,
            Some("updatedAt") => Column::UpdatedAt,
            _ => Column::Name,
        };
        let within = ResourceId::from_stored(gallery.resource_id.clone());
        let query = visible::<Entity>(ctx, Action::ImageRead, Some(&within))
            .filter(Column::GalleryId.eq(gallery.id));
        let rows = self.page(query, sort, page).await?;
        if rows.items.is_empty() {
            let (action, key) = (Action::GalleryRead, &gallery.resource_key);
            ctx.authorize(action, action, key)
                .map_err(hidden::<gallery::Entity>)?;
        }
        rows.map_all(|rows| self.image_views(rows)).await
    }

    /// One definition.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn image_get(&self, ctx: &OpContext, image: impl Into<Target>) -> Result<ImageView> {
        let row = self
            .find_for::<Entity>(ctx, image, Action::ImageRead)
            .await?;
        only(self.image_views(vec![row]).await?)
    }

    /// Creates a definition, or changes what of one can be changed. Rules A11, A39, A67.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `AlreadyExists` for a name or triple that is taken, `QuotaExceeded`,
    /// `PreconditionFailed`.
    pub async fn image_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: ImageInput,
        precondition: Precondition,
    ) -> Result<Put<ImageView>> {
        let gallery = self
            .find_parent::<gallery::Entity>(ctx, id, Action::ImageWrite)
            .await?;
        Problem::unless_empty(input.check(id.name(), &self.settings().regions))?;
        let input = ImageInput {
            location: self.settings().regions.short_name(&input.location),
            ..input
        };
        let (tx, found) = self.begin_put::<Entity>(ctx, id, &precondition).await?;
        let created = found.is_none();
        let row = match found {
            Some(row) => self.image_change(&tx, ctx, row, input).await?,
            None => {
                let (tenant, subscription) = (ctx.tenant(), id.subscription());
                let regions = &self.settings().regions;
                let place = [input.location.as_str()];
                let closed = regions.closed("location", place, tenant, subscription);
                Problem::unless_empty(closed)?;
                self.image_insert(&tx, ctx, id, gallery.id, input).await?
            }
        };
        self.end_put(tx, ctx, "image_put", &row.resource_id, created)
            .await?;
        let value = only(self.image_views(vec![row]).await?)?;
        Ok(Put { value, created })
    }

    /// Deletes a definition without versions.
    ///
    /// # Errors
    /// `ResourceInUse` while it holds versions, `PreconditionFailed`.
    pub async fn image_delete(
        &self,
        ctx: &OpContext,
        image: impl Into<Target>,
        precondition: Precondition,
    ) -> Result<()> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, image, Action::ImageDelete, &precondition)
            .await?;
        unused(&tx, &row).await?;
        self.end_delete::<Entity>(tx, ctx, "image_delete", &row)
            .await
    }

    /// Inserts a definition that was checked; creations in the subscription wait meanwhile.
    pub(crate) async fn image_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        id: &ResourceId,
        gallery_id: Uuid,
        input: ImageInput,
    ) -> Result<Model> {
        let triple = triple_free(tx, gallery_id, &input).await?;
        let max = self.settings().limits.images;
        quota::<Entity>(tx, id, &input.location, max, "image definitions").await?;
        let columns = resource_row!(
            self,
            ctx,
            id,
            input.location,
            &input.tags,
            image {
                gallery_id: gallery_id,
                triple_key: triple,
                properties: serde_json::to_value(&input)?,
            }
        );
        Ok(columns.insert(tx).await?)
    }

    async fn image_change(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        row: Model,
        input: ImageInput,
    ) -> Result<Model> {
        let stored: ImageInput = serde_json::from_value(row.properties.clone())?;
        Problem::unless_empty(input.fixed_changes(&stored))?;
        let mut row = row.into_active_model();
        row.properties = Set(serde_json::to_value(&input)?);
        row.tags = tags_column(&input.tags)?;
        touch!(self, ctx, row);
        Ok(row.update(tx).await?)
    }
}

/// Refuses while the definition holds versions, deleted ones that can be restored included.
async fn unused(tx: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let versions = image_version::Entity::find()
        .filter(image_version::Column::ImageId.eq(row.id))
        .order_by_desc(image_version::Column::SortKey)
        .all(tx)
        .await?;
    if versions.is_empty() {
        return Ok(());
    }
    let (deleted, live): (Vec<_>, Vec<_>) = versions
        .iter()
        .partition(|version| version.deleted_at.is_some());
    let names = |rows: &[&image_version::Model]| {
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        some(&names)
    };
    let message = if live.is_empty() {
        format!(
            "“{}” still keeps the deleted versions {}, which can be restored. Delete them for good first.",
            row.name,
            names(&deleted)
        )
    } else {
        format!(
            "“{}” still holds {} versions ({}). Delete them first.",
            row.name,
            live.len(),
            names(&live)
        )
    };
    Err(in_use(&row.resource_id, message))
}

/// The key of publisher, offer and SKU, which must be unique in the gallery. Rule A11.
async fn triple_free(
    tx: &impl ConnectionTrait,
    gallery_id: Uuid,
    input: &ImageInput,
) -> Result<String> {
    let key = format!("{}/{}/{}", input.publisher, input.offer, input.sku).to_lowercase();
    let taken_by = Entity::find()
        .filter(Column::GalleryId.eq(gallery_id))
        .filter(Column::TripleKey.eq(&key))
        .one(tx)
        .await?;
    let Some(other) = taken_by else {
        return Ok(key);
    };
    let triple = format!("{} / {} / {}", input.publisher, input.offer, input.sku);
    let mut problem = taken("sku", &triple);
    problem.message = format!(
        "“{}” already has publisher, offer and SKU {triple}; change one of the three.",
        other.name
    );
    Err(problem.into())
}
