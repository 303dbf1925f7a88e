//! Image definitions. Rules A9-A24, A39, A67.

use std::collections::HashMap;

use domain::activity::ActivityResult;
use domain::image::{ImageInput, ImageView, VersionState};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{
    Code, ImageVersion, OpContext, Page, PageRequest, Problem, ResourceId, Rule, Violation,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
};
use store::entity::image::{Column, Entity, Model};
use store::entity::{gallery, image_version};
use store::{Cursor, Scopes, in_scopes};
use uuid::Uuid;

use crate::find::{find, find_optional, hidden};
use crate::gallery::limit;
use crate::resource::{expect, meta, resource_row, tags_column, touch};
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
        let scopes = Scopes {
            allowed: ctx.scopes(Action::ImageRead),
            within: None,
        };
        let query = Entity::find()
            .filter(Column::GalleryId.eq(gallery.id))
            .filter(in_scopes(Column::ResourceKey, &scopes));
        let sort = match page.sort.as_deref() {
            Some("createdAt") => Column::CreatedAt,
            Some("updatedAt") => Column::UpdatedAt,
            _ => Column::Name,
        };
        let cursor = Cursor {
            sort,
            descending: page.descending,
            id: Column::Id,
            name: Column::Name,
        };
        let rows = store::fetch(self.db(), query, cursor, page).await?;
        if rows.items.is_empty() {
            ctx.authorize(
                Action::GalleryRead,
                Action::GalleryRead,
                &gallery.resource_key,
            )
            .map_err(hidden::<gallery::Entity>)?;
        }
        let items = self.image_views(rows.items).await?;
        Ok(Page {
            items,
            next: rows.next,
            total: rows.total,
        })
    }

    /// One definition.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn image_get(&self, ctx: &OpContext, image: impl Into<Target>) -> Result<ImageView> {
        let row = self
            .image_find(ctx, &image.into(), Action::ImageRead)
            .await?;
        self.image_view(row).await
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
        let gallery_id = id
            .parent()
            .ok_or_else(|| Problem::not_found("The gallery"))?;
        let gallery = find::<gallery::Entity>(self.db(), ctx, &gallery_id.into()).await?;
        ctx.authorize(Action::ImageWrite, Action::GalleryRead, &id.key())
            .map_err(hidden::<gallery::Entity>)?;
        Problem::unless_empty(input.check(id.name(), &self.settings().regions))?;
        let tx = self.inner.store.begin().await?;
        self.place(&tx, ctx, id).await?;
        let found = find_optional::<Entity>(&tx, ctx.tenant(), &id.into()).await?;
        let head = found
            .as_ref()
            .map(|row| Ok::<_, crate::Error>(meta!(row)))
            .transpose()?;
        expect(&precondition, head.as_ref())?;
        let input = ImageInput {
            location: self.settings().regions.short_name(&input.location),
            ..input
        };
        let (row, created) = match found {
            Some(row) => (self.image_change(&tx, ctx, row, input).await?, false),
            None => (
                self.image_insert(&tx, ctx, id, gallery.id, input).await?,
                true,
            ),
        };
        let verb = if created { "created" } else { "changed" };
        self.record(
            &tx,
            ctx,
            "image_put",
            &row.resource_id,
            ActivityResult::Succeeded,
            verb,
        )
        .await?;
        tx.commit().await?;
        Ok(Put {
            value: self.image_view(row).await?,
            created,
        })
    }

    /// Deletes a definition without versions.
    ///
    /// # Errors
    /// `ResourceInUse` while it holds versions.
    pub async fn image_delete(&self, ctx: &OpContext, image: impl Into<Target>) -> Result<()> {
        let row = self
            .image_find(ctx, &image.into(), Action::ImageDelete)
            .await?;
        let tx = self.inner.store.begin().await?;
        let versions = image_version::Entity::find()
            .filter(image_version::Column::ImageId.eq(row.id))
            .count(&tx)
            .await?;
        if versions > 0 {
            let message = format!(
                "“{}” still holds {versions} versions. Delete them first.",
                row.name
            );
            return Err(Problem::new(Code::ResourceInUse, message)
                .at(row.resource_id)
                .into());
        }
        Entity::delete_by_id(row.id).exec(&tx).await?;
        self.rights_forget(&tx, ctx, &row.resource_key).await?;
        self.record(
            &tx,
            ctx,
            "image_delete",
            &row.resource_id,
            ActivityResult::Succeeded,
            "deleted",
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Finds a definition and authorises an action on it.
    pub(crate) async fn image_find(
        &self,
        ctx: &OpContext,
        target: &Target,
        action: Action,
    ) -> Result<Model> {
        let row = find::<Entity>(self.db(), ctx, target).await?;
        ctx.authorize(action, Action::ImageRead, &row.resource_key)
            .map_err(hidden::<Entity>)?;
        Ok(row)
    }

    /// Inserts a definition that was checked; the caller has the subscription locked.
    pub(crate) async fn image_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        id: &ResourceId,
        gallery_id: Uuid,
        input: ImageInput,
    ) -> Result<Model> {
        let triple_key = triple_key(&input);
        let taken = Entity::find()
            .filter(Column::GalleryId.eq(gallery_id))
            .filter(Column::TripleKey.eq(&triple_key))
            .one(tx)
            .await?;
        if let Some(other) = taken {
            let triple = format!("{} / {} / {}", input.publisher, input.offer, input.sku);
            let violation = Violation::new(Rule::AlreadyExists, "sku").with("value", &triple);
            let mut problem = Problem::from_violations(vec![violation]);
            problem.message = format!(
                "“{}” already has publisher, offer and SKU {triple}; change one of the three.",
                other.name
            );
            return Err(problem.into());
        }
        let within = id.subscription().map(|s| format!("/subscriptions/{s}"));
        let scopes = Scopes {
            allowed: vec!["/".to_owned()],
            within,
        };
        let count = Entity::find()
            .filter(in_scopes(Column::ResourceKey, &scopes))
            .filter(Column::Location.eq(&input.location))
            .count(tx)
            .await?;
        limit(
            count,
            self.settings().limits.images,
            "image definitions in this subscription and region",
        )?;
        let row = resource_row!(
            self,
            ctx,
            id,
            input.location,
            &input.tags,
            image {
                gallery_id: gallery_id,
                triple_key: triple_key,
                properties: serde_json::to_value(&input)?,
            }
        );
        Ok(row.insert(tx).await?)
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

    async fn image_view(&self, row: Model) -> Result<ImageView> {
        let mut views = self.image_views(vec![row]).await?;
        views
            .pop()
            .ok_or_else(|| crate::Error::internal("an image definition lost its view"))
    }

    async fn image_views(&self, rows: Vec<Model>) -> Result<Vec<ImageView>> {
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
        for version in found {
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
                })
            })
            .collect()
    }
}

/// What must be unique in a gallery. Rule A11.
fn triple_key(input: &ImageInput) -> String {
    format!("{}/{}/{}", input.publisher, input.offer, input.sku).to_lowercase()
}
