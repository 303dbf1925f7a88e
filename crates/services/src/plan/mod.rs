//! Lab plans: which regions, gallery and images labs may use. Rules B4-B6, B9.

mod attach;
mod switch;
mod view;

use domain::plan::{PlanInput, PlanView};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, IntoActiveModel};
use store::entity::gallery;
use store::entity::lab_plan::{Column, Entity};
use uuid::Uuid;

use self::switch::switches_forget;
use crate::find::{find_optional, only, visible};
use crate::resource::{fixed, resource_row, tags_column, touch};
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
        let sort = match page.sort.as_deref() {
            Some("location") => Column::Location,
            Some("createdAt") => Column::CreatedAt,
            _ => Column::Name,
        };
        let query = visible::<Entity>(ctx, Action::LabPlanRead, scope);
        let rows = self.page(query, sort, page).await?;
        rows.map_all(|rows| self.plan_views(rows)).await
    }

    /// One lab plan.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn plan_get(&self, ctx: &OpContext, plan: impl Into<Target>) -> Result<PlanView> {
        let row = self
            .find_for::<Entity>(ctx, plan, Action::LabPlanRead)
            .await?;
        only(self.plan_views(vec![row]).await?)
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
        let (tx, found) = self.begin_put::<Entity>(ctx, id, &precondition).await?;
        let before = found.as_ref().and_then(|row| row.gallery_id);
        let gallery = attachable(&tx, ctx, input.gallery.as_ref(), before).await?;
        let created = found.is_none();
        let row = match found {
            Some(row) => {
                fixed("location", &row.location, &location)?;
                if before != gallery {
                    switches_forget(&tx, ctx, row.id).await?;
                }
                let mut row = row.into_active_model();
                row.allowed_regions = Set(regions);
                row.gallery_id = Set(gallery);
                row.replicate_in_geography = Set(input.replicate_in_geography);
                row.support = Set(support);
                row.tags = tags_column(&input.tags)?;
                touch!(self, ctx, row);
                row.update(&tx).await?
            }
            None => {
                let columns = resource_row!(
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
                columns.insert(&tx).await?
            }
        };
        self.end_put(tx, ctx, "plan_put", &row.resource_id, created)
            .await?;
        let value = only(self.plan_views(vec![row]).await?)?;
        Ok(Put { value, created })
    }

    /// Deletes a lab plan and the roles given at it; labs that were created from it stay.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `PreconditionFailed`.
    pub async fn plan_delete(
        &self,
        ctx: &OpContext,
        plan: impl Into<Target>,
        precondition: Precondition,
    ) -> Result<()> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, plan, Action::LabPlanDelete, &precondition)
            .await?;
        self.end_delete::<Entity>(tx, ctx, "plan_delete", &row)
            .await
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
