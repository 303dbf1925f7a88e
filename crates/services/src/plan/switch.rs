//! The switches by which a lab plan offers images of its gallery. Rules B4, B9.

use domain::catalog::{CatalogSource, ImageFacts};
use domain::plan::PlanImageView;
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, Problem, Rule, Violation};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use store::entity::{image, lab_plan, plan_image};
use uuid::Uuid;

use crate::catalog::shared_with;
use crate::find::only;
use crate::{Result, Services, Target};

impl Services {
    /// The images of the attached gallery with their switches, and what keeps them out of labs besides.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn plan_image_list(
        &self,
        ctx: &OpContext,
        plan: impl Into<Target>,
        page: &PageRequest,
    ) -> Result<Page<PlanImageView>> {
        let plan = self
            .find_for::<lab_plan::Entity>(ctx, plan, Action::LabPlanImageRead)
            .await?;
        let Some(gallery) = plan.gallery_id else {
            return Ok(Page {
                items: Vec::new(),
                next: None,
                total: 0,
            });
        };
        let query = image::Entity::find().filter(image::Column::GalleryId.eq(gallery));
        let rows = self.page(query, image::Column::Name, page).await?;
        rows.map_all(|rows| self.plan_image_views(ctx, &plan, rows))
            .await
    }

    /// The images that other organisations share with the caller, with the plan's switches. Rule C2.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn plan_shared_list(
        &self,
        ctx: &OpContext,
        plan: impl Into<Target>,
    ) -> Result<Vec<PlanImageView>> {
        let plan = self
            .find_for::<lab_plan::Entity>(ctx, plan, Action::LabPlanImageRead)
            .await?;
        let rows = image::Entity::find()
            .filter(shared_with(ctx))
            .order_by_asc(image::Column::Name)
            .order_by_asc(image::Column::Id)
            .all(self.db())
            .await?;
        self.plan_image_views(ctx, &plan, rows).await
    }

    /// Switches an image of the attached gallery, or one that another organisation shares, on or off for new labs.
    /// Labs that use it go on.
    ///
    /// # Errors
    /// `InvalidRequest` while no gallery is attached, `ResourceNotFound` for an image that is neither in it nor shared.
    pub async fn plan_image_set(
        &self,
        ctx: &OpContext,
        plan: impl Into<Target>,
        image: Uuid,
        enabled: bool,
    ) -> Result<PlanImageView> {
        let action = Action::LabPlanImageWrite;
        let (tx, plan) = self
            .begin_change::<lab_plan::Entity>(ctx, plan, action, &Precondition::None)
            .await?;
        let mut known = Condition::any().add(shared_with(ctx));
        if let Some(gallery) = plan.gallery_id {
            known = known.add(image::Column::GalleryId.eq(gallery));
        }
        let found = image::Entity::find_by_id(image).filter(known);
        let found = found.one(&tx).await?;
        let Some(row) = found else {
            return Err(match plan.gallery_id {
                Some(_) => Problem::not_found("The image definition"),
                None => {
                    let violation = Violation::new(Rule::GalleryNotAttached, "gallery");
                    Problem::from_violations(vec![violation])
                }
            }
            .into());
        };
        let switch = plan_image::ActiveModel {
            plan_id: Set(plan.id),
            image_id: Set(row.id),
            enabled: Set(enabled),
        };
        let replace =
            OnConflict::columns([plan_image::Column::PlanId, plan_image::Column::ImageId])
                .update_column(plan_image::Column::Enabled)
                .to_owned();
        plan_image::Entity::insert(switch)
            .on_conflict(replace)
            .exec_without_returning(&tx)
            .await?;
        let way = if enabled { "on" } else { "off" };
        let detail = format!("switched {way} {}", row.resource_id);
        self.record_done(&tx, ctx, "plan_image_set", &plan.resource_id, detail)
            .await?;
        tx.commit().await?;
        only(self.plan_image_views(ctx, &plan, vec![row]).await?)
    }

    async fn plan_image_views(
        &self,
        ctx: &OpContext,
        plan: &lab_plan::Model,
        rows: Vec<image::Model>,
    ) -> Result<Vec<PlanImageView>> {
        let allowed: Vec<String> = serde_json::from_value(plan.allowed_regions.clone())?;
        let ids = image::Entity::find()
            .select_only()
            .column(image::Column::Id)
            .filter(image::Column::Id.is_in(rows.iter().map(|row| row.id)))
            .into_query();
        let facts = self.image_facts(ctx, plan.id, rows, ids).await?;
        let view = |image: ImageFacts| PlanImageView {
            shared: image.source == CatalogSource::Shared,
            latest: image.newest(ctx.now).map(|version| version.version),
            reasons: image.barriers(&allowed, ctx.now),
            id: image.id,
            resource_id: image.resource_id,
            name: image.name,
            enabled: image.enabled,
            os_type: image.properties.os_type,
            os_state: image.properties.os_state,
            purchase_plan: image.properties.purchase_plan,
        };
        Ok(facts.into_iter().map(view).collect())
    }
}

/// A gallery that is attached later starts with all images switched off. Those of other organisations stay as they are.
pub(super) async fn switches_forget(
    tx: &impl ConnectionTrait,
    ctx: &OpContext,
    plan: Uuid,
) -> Result<()> {
    let own = image::Entity::find()
        .select_only()
        .column(image::Column::Id)
        .filter(image::Column::TenantId.eq(ctx.tenant()))
        .into_query();
    plan_image::Entity::delete_many()
        .filter(plan_image::Column::PlanId.eq(plan))
        .filter(plan_image::Column::ImageId.in_subquery(own))
        .exec(tx)
        .await?;
    Ok(())
}
