//! Lab plans: which regions, gallery and images labs may use. Rules B4-B6, B9.

use std::collections::HashMap;

use domain::activity::ActivityResult;
use domain::plan::{AttachedGallery, PlanInput, PlanView};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, Problem, ResourceId, Rule, Violation};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};
use store::entity::lab_plan::{Column, Entity, Model};
use store::entity::{gallery, lab, plan_image};
use store::{Cursor, Scopes, in_scopes};
use uuid::Uuid;

use crate::find::{find, find_optional};
use crate::gallery::{Sum, sums};
use crate::resource::{expect, meta, resource_row, tags_column, touch};
use crate::{Put, Result, Services, Target};

impl Services {
    /// The lab plans that the caller sees, in the whole tenant or within a scope.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn plan_list(
        &self,
        ctx: &OpContext,
        scope: Option<&ResourceId>,
        page: &PageRequest,
    ) -> Result<Page<PlanView>> {
        let scopes = Scopes {
            allowed: ctx.scopes(Action::LabPlanRead),
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
        let items = self.plan_views(rows.items).await?;
        Ok(Page {
            items,
            next: rows.next,
            total: rows.total,
        })
    }

    /// One lab plan.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn plan_get(&self, ctx: &OpContext, plan: impl Into<Target>) -> Result<PlanView> {
        let row = self
            .plan_find(ctx, &plan.into(), Action::LabPlanRead)
            .await?;
        self.plan_view(row).await
    }

    /// Creates a lab plan, or replaces what of one can be changed. Rules B6, B9.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, also for another location than the plan has; `ResourceNotFound` for
    /// a gallery that the caller does not see; `AlreadyExists`, `PreconditionFailed`.
    pub async fn plan_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: PlanInput,
        precondition: Precondition,
    ) -> Result<Put<PlanView>> {
        ctx.authorize(Action::LabPlanWrite, Action::ResourceGroupRead, &id.key())?;
        Problem::unless_empty(input.check(id.name(), &self.settings().regions))?;
        let location = self.settings().regions.short_name(&input.location);
        let regions = serde_json::to_value(self.allowed_regions(&input))?;
        let support = serde_json::to_value(&input.support)?;
        let tx = self.inner.store.begin().await?;
        self.place(&tx, ctx, id).await?;
        let found = find_optional::<Entity>(&tx, ctx.tenant(), &id.into()).await?;
        let head = found
            .as_ref()
            .map(|row| Ok::<_, crate::Error>(meta!(row)))
            .transpose()?;
        expect(&precondition, head.as_ref())?;
        let before = found.as_ref().and_then(|row| row.gallery_id);
        let gallery = attachable(&tx, ctx, input.gallery.as_ref(), before).await?;
        let (row, created) = match found {
            Some(row) if row.location != location => {
                let fixed = Violation::new(Rule::NotUpdatable, "location");
                return Err(Problem::from_violations(vec![fixed]).into());
            }
            Some(row) => {
                if before != gallery {
                    switches_forget(&tx, row.id).await?;
                }
                let mut row = row.into_active_model();
                row.allowed_regions = Set(regions);
                row.gallery_id = Set(gallery);
                row.replicate_in_geography = Set(input.replicate_in_geography);
                row.support = Set(support);
                row.tags = tags_column(&input.tags)?;
                touch!(self, ctx, row);
                (row.update(&tx).await?, false)
            }
            None => {
                let row = resource_row!(
                    self,
                    ctx,
                    id,
                    location,
                    &input.tags,
                    lab_plan {
                        allowed_regions: regions,
                        gallery_id: gallery,
                        replicate_in_geography: input.replicate_in_geography,
                        support: support,
                    }
                );
                (row.insert(&tx).await?, true)
            }
        };
        let verb = if created { "created" } else { "changed" };
        self.record(
            &tx,
            ctx,
            "plan_put",
            &row.resource_id,
            ActivityResult::Succeeded,
            verb,
        )
        .await?;
        tx.commit().await?;
        Ok(Put {
            value: self.plan_view(row).await?,
            created,
        })
    }

    /// Deletes a lab plan and the roles given at it; labs that were created from it stay.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn plan_delete(&self, ctx: &OpContext, plan: impl Into<Target>) -> Result<()> {
        let row = self
            .plan_find(ctx, &plan.into(), Action::LabPlanDelete)
            .await?;
        let tx = self.inner.store.begin().await?;
        Entity::delete_by_id(row.id).exec(&tx).await?;
        self.rights_forget(&tx, ctx, &row.resource_key).await?;
        self.record(
            &tx,
            ctx,
            "plan_delete",
            &row.resource_id,
            ActivityResult::Succeeded,
            "deleted",
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Finds a lab plan and authorises an action on it.
    pub(crate) async fn plan_find(
        &self,
        ctx: &OpContext,
        target: &Target,
        action: Action,
    ) -> Result<Model> {
        let row = find::<Entity>(self.db(), ctx, target).await?;
        ctx.authorize(action, Action::LabPlanRead, &row.resource_key)?;
        Ok(row)
    }

    /// The regions of a checked input by their short names, each once; the plan's own when there are none.
    fn allowed_regions(&self, input: &PlanInput) -> Vec<String> {
        let regions = &self.settings().regions;
        let mut names = Vec::new();
        for name in &input.allowed_regions {
            let name = regions.short_name(name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            names.push(regions.short_name(&input.location));
        }
        names
    }

    pub(crate) async fn plan_view(&self, row: Model) -> Result<PlanView> {
        let mut views = self.plan_views(vec![row]).await?;
        views
            .pop()
            .ok_or_else(|| crate::Error::internal("a lab plan lost its view"))
    }

    async fn plan_views(&self, rows: Vec<Model>) -> Result<Vec<PlanView>> {
        let galleries: HashMap<Uuid, gallery::Model> = gallery::Entity::find()
            .filter(gallery::Column::Id.is_in(rows.iter().filter_map(|row| row.gallery_id)))
            .all(self.db())
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let labs: HashMap<Uuid, i64> = lab::Entity::find()
            .select_only()
            .column_as(lab::Column::PlanId, "key")
            .column_as(lab::Column::Id.count(), "sum")
            .filter(lab::Column::PlanId.is_in(rows.iter().map(|row| row.id)))
            .group_by(lab::Column::PlanId)
            .into_model::<Sum>()
            .all(self.db())
            .await
            .map(sums)?;
        rows.into_iter()
            .map(|row| {
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
                    lab_count: labs
                        .get(&row.id)
                        .copied()
                        .unwrap_or_default()
                        .unsigned_abs(),
                })
            })
            .collect()
    }
}

/// The key of the gallery that a plan is to have. One that is attached already stays without being seen again.
async fn attachable(
    tx: &impl ConnectionTrait,
    ctx: &OpContext,
    wanted: Option<&ResourceId>,
    attached: Option<Uuid>,
) -> Result<Option<Uuid>> {
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    let row = find_optional::<gallery::Entity>(tx, ctx.tenant(), &wanted.into()).await?;
    let visible = row
        .filter(|row| Some(row.id) == attached || ctx.may(Action::GalleryRead, &row.resource_key));
    let row = visible.ok_or_else(|| Problem::not_found("The gallery").at("gallery"))?;
    Ok(Some(row.id))
}

/// A gallery that is attached later starts with all images switched off.
pub(crate) async fn switches_forget(tx: &impl ConnectionTrait, plan: Uuid) -> Result<()> {
    plan_image::Entity::delete_many()
        .filter(plan_image::Column::PlanId.eq(plan))
        .exec(tx)
        .await?;
    Ok(())
}
