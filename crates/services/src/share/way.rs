//! “Test access”: what is missing on the way from a shared image to a lab.

use domain::rbac::{Action, ActionSet, SHARED, covers};
use domain::share::path::{CoveringShare, Outcome, Step, WayFacts};
use domain::{Code, OpContext, Problem, ResourceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use store::entity::{image, lab_plan, share};
use uuid::Uuid;

use super::dates;
use super::grants::meant_for;
use crate::role::roles_of;
use crate::{Result, Services, Target};

impl Services {
    /// Walks every step from an image of another organisation to a lab of a plan, and tells the first one that is
    /// missing. `image` is the id of the definition or of one of its versions.
    ///
    /// # Errors
    /// `ResourceNotFound` for the plan, `InvalidRequest` for an id of another kind. What is missing is the answer.
    pub async fn share_test(
        &self,
        ctx: &OpContext,
        image: &ResourceId,
        plan: impl Into<Target>,
    ) -> Result<Vec<(Step, Outcome)>> {
        let plan = plan.into();
        let may_create = {
            let plan = self.plan_get(ctx, plan.clone()).await?;
            ctx.may(Action::LabCreate, plan.meta.resource_id.as_str())
        };
        let definition = definition_of(image)?;
        let mut facts = WayFacts {
            shares: self.covering(ctx, image).await?,
            own_role: self.has_own_role(ctx, image).await?,
            has_version: false,
            barriers: Vec::new(),
            enabled: false,
            may_create,
        };
        // Before this, nobody may learn whether the image is there at all.
        if facts.may_read(ctx.now) {
            self.look(ctx, &definition, plan, &mut facts).await?;
        }
        Ok(facts.walk(ctx.now))
    }

    /// The shares to the caller's organisation that cover the image, in force or not.
    async fn covering(&self, ctx: &OpContext, image: &ResourceId) -> Result<Vec<CoveringShare>> {
        let key = image.key();
        let to_tenant = || {
            share::Entity::find()
                .filter(share::Column::ToTenant.eq(ctx.tenant()))
                .filter(share::Column::AcceptedAt.is_not_null())
        };
        let mine: Vec<Uuid> = to_tenant()
            .select_only()
            .column(share::Column::Id)
            .filter(meant_for(ctx.caller.principal))
            .into_tuple()
            .all(self.db())
            .await?;
        let rows: Vec<share::Model> = to_tenant()
            .all(self.db())
            .await?
            .into_iter()
            .filter(|row| covers(&row.scope_key, &key))
            .collect();
        let wanted: Vec<_> = rows
            .iter()
            .map(|row| (row.from_tenant, row.role_id))
            .collect();
        let roles = roles_of(self.db(), &wanted).await?;
        let covering = rows.into_iter().map(|row| CoveringShare {
            dates: dates(&row),
            is_for_caller: mine.contains(&row.id),
            role: roles
                .get(&row.role_id)
                .map_or(ActionSet::EMPTY, |role| role.set().and(SHARED)),
            revoked_by: row.revoked_by,
        });
        Ok(covering.collect())
    }

    /// Whether the caller reads the image by a role of their own over there, which no share gave.
    async fn has_own_role(&self, ctx: &OpContext, image: &ResourceId) -> Result<bool> {
        let key = image.key();
        let shared = self
            .share_grants(ctx.tenant(), ctx.caller.principal)
            .await?;
        let own = ctx.caller.foreign.iter().any(|grant| {
            grant.actions.contains(Action::VersionRead)
                && covers(&grant.scope, &key)
                && !shared.contains(grant)
        });
        Ok(own)
    }

    /// Looks at the image itself and at the plan's switch.
    async fn look(
        &self,
        ctx: &OpContext,
        definition: &ResourceId,
        plan: Target,
        facts: &mut WayFacts,
    ) -> Result<()> {
        let plan = self
            .find_for::<lab_plan::Entity>(ctx, plan, Action::LabPlanRead)
            .await?;
        let query = image::Entity::find()
            .filter(image::Column::ResourceKey.eq(definition.key()))
            .filter(image::Column::TenantId.ne(ctx.tenant()));
        let ids = query
            .clone()
            .select_only()
            .column(image::Column::Id)
            .into_query();
        let rows = query.all(self.db()).await?;
        let allowed: Vec<String> = serde_json::from_value(plan.allowed_regions.clone())?;
        if let Some(image) = self.image_facts(ctx, plan.id, rows, ids).await?.pop() {
            facts.has_version = image.newest(ctx.now).is_some();
            facts.barriers = image.barriers(&allowed, ctx.now);
            facts.enabled = image.enabled;
        }
        Ok(())
    }
}

/// The definition that the id names, or whose version it names.
fn definition_of(id: &ResourceId) -> Result<ResourceId> {
    let words: Vec<&str> = id.as_str().split('/').collect();
    let kind = words.len().checked_sub(2).map(|at| words[at]);
    let is_gallery_part = id.segment("galleries").is_some();
    let definition = match kind {
        Some("images") if is_gallery_part => Some(id.clone()),
        Some("versions") if is_gallery_part => id.parent(),
        _ => None,
    };
    let wrong = || {
        let message = "This is not the id of an image definition or version.";
        Problem::new(Code::InvalidRequest, message).at("image")
    };
    Ok(definition.ok_or_else(wrong)?)
}
