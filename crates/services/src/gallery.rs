//! Galleries. Rules A1-A6, A38, A66.

use std::collections::{BTreeMap, HashMap};

use domain::activity::ActivityResult;
use domain::gallery::{GalleryInput, GalleryView, tags};
use domain::image::ReplicaState;
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId, Rule, Violation, name};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    JoinType, PaginatorTrait, QueryFilter, QuerySelect,
};
use store::entity::gallery::{Column, Entity, Model};
use store::entity::{image, image_version, lab_plan, replica};
use store::{Cursor, Scopes, in_scopes};
use uuid::Uuid;

use crate::find::{find, hidden};
use crate::resource::{expect, meta, resource_row, tags_column, touch};
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
        let scopes = Scopes {
            allowed: ctx.scopes(Action::GalleryRead),
            within: scope.map(ResourceId::key),
        };
        let query = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .filter(in_scopes(Column::ResourceKey, &scopes));
        let sort = match page.sort.as_deref() {
            Some("location") => Column::Location,
            Some("createdAt") => Column::CreatedAt,
            _ => Column::Name,
        };
        let cursor = Cursor {
            sort,
            descending: page.descending,
            id: Column::Id,
            name: Column::Name,
        };
        let rows = store::fetch(self.db(), query, cursor, page).await?;
        let items = self.gallery_views(rows.items).await?;
        Ok(Page {
            items,
            next: rows.next,
            total: rows.total,
        })
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
            .gallery_find(ctx, &gallery.into(), Action::GalleryRead)
            .await?;
        self.gallery_view(row).await
    }

    /// Creates a gallery, or changes the description and tags of one that exists. Rules A38, A66.
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
        let tx = self.inner.store.begin().await?;
        self.place(&tx, ctx, id).await?;
        let found = crate::find::find_optional::<Entity>(&tx, ctx.tenant(), &id.into()).await?;
        let head = found
            .as_ref()
            .map(|row| Ok::<_, crate::Error>(meta!(row)))
            .transpose()?;
        expect(&precondition, head.as_ref())?;
        let location = self.settings().regions.short_name(&input.location);
        let (row, created) = match found {
            Some(row) if row.location != location => {
                let fixed = Violation::new(Rule::NotUpdatable, "location");
                return Err(Problem::from_violations(vec![fixed]).into());
            }
            Some(row) => {
                let mut row = row.into_active_model();
                row.description = Set(input.description.trim().to_owned());
                row.tags = tags_column(&input.tags)?;
                touch!(self, ctx, row);
                (row.update(&tx).await?, false)
            }
            None => {
                self.gallery_limit(&tx, id, &location).await?;
                let row = resource_row!(
                    self,
                    ctx,
                    id,
                    location,
                    &input.tags,
                    gallery {
                        description: input.description.trim().to_owned(),
                    }
                );
                (row.insert(&tx).await?, true)
            }
        };
        let verb = if created { "created" } else { "changed" };
        self.record(
            &tx,
            ctx,
            "gallery_put",
            &row.resource_id,
            ActivityResult::Succeeded,
            verb,
        )
        .await?;
        tx.commit().await?;
        Ok(Put {
            value: self.gallery_view(row).await?,
            created,
        })
    }

    /// Changes what of a gallery can be changed. Rule A66.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `InvalidRequest`.
    pub async fn gallery_update(
        &self,
        ctx: &OpContext,
        gallery: impl Into<Target>,
        description: Option<String>,
        new_tags: Option<BTreeMap<String, String>>,
    ) -> Result<GalleryView> {
        let row = self
            .gallery_find(ctx, &gallery.into(), Action::GalleryWrite)
            .await?;
        let mut found = description
            .as_deref()
            .map(|d| name::text("description", d, 0, 1000))
            .unwrap_or_default();
        found.extend(new_tags.as_ref().map(tags).unwrap_or_default());
        Problem::unless_empty(found)?;
        let tx = self.inner.store.begin().await?;
        let mut row = row.into_active_model();
        if let Some(description) = description {
            row.description = Set(description.trim().to_owned());
        }
        if let Some(new_tags) = &new_tags {
            row.tags = tags_column(new_tags)?;
        }
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        self.record(
            &tx,
            ctx,
            "gallery_update",
            &row.resource_id,
            ActivityResult::Succeeded,
            "changed",
        )
        .await?;
        tx.commit().await?;
        self.gallery_view(row).await
    }

    /// Deletes an empty gallery.
    ///
    /// # Errors
    /// `ResourceInUse` while it holds image definitions or a lab plan has it attached, and names them.
    pub async fn gallery_delete(&self, ctx: &OpContext, gallery: impl Into<Target>) -> Result<()> {
        let row = self
            .gallery_find(ctx, &gallery.into(), Action::GalleryDelete)
            .await?;
        let tx = self.inner.store.begin().await?;
        let images = image::Entity::find()
            .filter(image::Column::GalleryId.eq(row.id))
            .count(&tx)
            .await?;
        let plans = lab_plan::Entity::find()
            .filter(lab_plan::Column::GalleryId.eq(row.id))
            .all(&tx)
            .await?;
        if images > 0 {
            let message = format!(
                "“{}” still holds {images} image definitions. Delete them first.",
                row.name
            );
            return Err(Problem::new(Code::ResourceInUse, message)
                .at(row.resource_id)
                .into());
        }
        if !plans.is_empty() {
            let names = plans
                .iter()
                .map(|plan| plan.name.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            let message = format!(
                "“{}” is attached to the lab plans {names}. Detach it first.",
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
            "gallery_delete",
            &row.resource_id,
            ActivityResult::Succeeded,
            "deleted",
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Finds a gallery and authorises an action on it.
    pub(crate) async fn gallery_find(
        &self,
        ctx: &OpContext,
        target: &Target,
        action: Action,
    ) -> Result<Model> {
        let row = find::<Entity>(self.db(), ctx, target).await?;
        ctx.authorize(action, Action::GalleryRead, &row.resource_key)
            .map_err(hidden::<Entity>)?;
        Ok(row)
    }

    async fn gallery_limit(
        &self,
        tx: &impl sea_orm::ConnectionTrait,
        id: &ResourceId,
        location: &str,
    ) -> Result<()> {
        let subscription = id.subscription().map(|s| format!("/subscriptions/{s}"));
        let scopes = Scopes {
            allowed: vec!["/".to_owned()],
            within: subscription,
        };
        let count = Entity::find()
            .filter(in_scopes(Column::ResourceKey, &scopes))
            .filter(Column::Location.eq(location))
            .count(tx)
            .await?;
        limit(
            count,
            self.settings().limits.galleries,
            "galleries in this subscription and region",
        )
    }

    async fn gallery_view(&self, row: Model) -> Result<GalleryView> {
        let mut views = self.gallery_views(vec![row]).await?;
        views
            .pop()
            .ok_or_else(|| crate::Error::internal("a gallery lost its view"))
    }

    async fn gallery_views(&self, rows: Vec<Model>) -> Result<Vec<GalleryView>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let images: HashMap<Uuid, i64> = image::Entity::find()
            .select_only()
            .column_as(image::Column::GalleryId, "key")
            .column_as(image::Column::Id.count(), "sum")
            .filter(image::Column::GalleryId.is_in(ids.clone()))
            .group_by(image::Column::GalleryId)
            .into_model::<Sum>()
            .all(self.db())
            .await
            .map(sums)?;
        let versions: HashMap<Uuid, i64> = image_version::Entity::find()
            .select_only()
            .column_as(image_version::Column::GalleryId, "key")
            .column_as(image_version::Column::Id.count(), "sum")
            .filter(image_version::Column::GalleryId.is_in(ids.clone()))
            .group_by(image_version::Column::GalleryId)
            .into_model::<Sum>()
            .all(self.db())
            .await
            .map(sums)?;
        let to_version = replica::Entity::belongs_to(image_version::Entity)
            .from(replica::Column::VersionId)
            .to(image_version::Column::Id)
            .into();
        let stored: HashMap<Uuid, i64> = replica::Entity::find()
            .select_only()
            .column_as(image_version::Column::GalleryId, "key")
            .column_as(
                Expr::cust("CAST(SUM(image_version.occupied_bytes) AS BIGINT)"),
                "sum",
            )
            .join(JoinType::InnerJoin, to_version)
            .filter(image_version::Column::GalleryId.is_in(ids))
            .filter(replica::Column::State.eq(ReplicaState::Ready.to_string()))
            .group_by(image_version::Column::GalleryId)
            .into_model::<Sum>()
            .all(self.db())
            .await
            .map(sums)?;
        let of = |map: &HashMap<Uuid, i64>, id: &Uuid| {
            map.get(id).copied().unwrap_or_default().unsigned_abs()
        };
        rows.into_iter()
            .map(|row| {
                Ok(GalleryView {
                    meta: meta!(row),
                    image_count: of(&images, &row.id),
                    version_count: of(&versions, &row.id),
                    stored_bytes: of(&stored, &row.id),
                    description: row.description,
                })
            })
            .collect()
    }
}

/// A figure per row of another table.
#[derive(FromQueryResult)]
pub(crate) struct Sum {
    key: Uuid,
    sum: i64,
}

/// The figures by their rows' keys.
pub(crate) fn sums(rows: Vec<Sum>) -> HashMap<Uuid, i64> {
    rows.into_iter().map(|row| (row.key, row.sum)).collect()
}

/// Refuses one more than a limit allows. Rules A38-A41.
pub(crate) fn limit(count: u64, max: u32, what: &str) -> Result<()> {
    if count < u64::from(max) {
        return Ok(());
    }
    let violation = Violation::new(Rule::LimitReached, "name")
        .with("max", max)
        .with("what", what);
    Err(Problem::from_violations(vec![violation]).into())
}
