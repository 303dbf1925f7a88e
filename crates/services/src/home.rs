//! What the portal's frame and its first page show.

use chrono::TimeDelta;
use domain::activity::{ActivityResult, ActivityView};
use domain::job::JobView;
use domain::lab::LabView;
use domain::rbac::Action;
use domain::tenant::{Me, Place};
use domain::{OpContext, Problem};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use store::entity::{activity, gallery, lab, lab_plan, tenant};
use store::{Scopes, in_scopes};

use crate::find::{Findable, visible};
use crate::{Result, Services};

/// What needs the caller now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Labs that the caller created or may change, newest first.
    pub labs: Vec<LabView>,
    /// Long work that runs.
    pub jobs: Vec<JobView>,
    /// What failed in the last seven days, newest first.
    pub failures: Vec<ActivityView>,
    /// How many galleries the caller sees.
    pub gallery_count: u64,
    /// How many lab plans the caller sees.
    pub plan_count: u64,
    /// How many labs the caller sees.
    pub lab_count: u64,
    /// Whether the caller may make the first gallery.
    pub may_create_gallery: bool,
    /// Whether the caller may make the first lab plan.
    pub may_create_plan: bool,
    /// Whether the caller may make the first lab.
    pub may_create_lab: bool,
}

/// Labs and failures of the first page.
const SHOWN: u64 = 10;

/// Failures older than this are history.
const FAILURES_FOR: TimeDelta = TimeDelta::days(7);

impl Services {
    /// Who the caller is, and the places that their rights open.
    ///
    /// # Errors
    /// `ResourceNotFound` when the tenant is gone.
    pub async fn me(&self, ctx: &OpContext) -> Result<Me> {
        let row = tenant::Entity::find_by_id(ctx.tenant())
            .one(self.db())
            .await?;
        let tenant = row.ok_or_else(|| Problem::not_found("Your organisation"))?;
        Ok(Me {
            id: ctx.caller.principal,
            display_name: ctx.caller.display_name.clone(),
            user_name: ctx.caller.user_name.clone(),
            tenant_name: tenant.name,
            places: places(ctx),
        })
    }

    /// What needs the caller now, and what they could do first.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn home(&self, ctx: &OpContext) -> Result<Home> {
        Ok(Home {
            labs: self.labs_own(ctx).await?,
            jobs: self.job_list(ctx, None, true).await?,
            failures: self.failures(ctx).await?,
            gallery_count: self
                .visible_count::<gallery::Entity>(ctx, Action::GalleryRead)
                .await?,
            plan_count: self
                .visible_count::<lab_plan::Entity>(ctx, Action::LabPlanRead)
                .await?,
            lab_count: self
                .visible_count::<lab::Entity>(ctx, Action::LabRead)
                .await?,
            may_create_gallery: ctx.may_create(Action::GalleryWrite),
            may_create_plan: ctx.may_create(Action::LabPlanWrite),
            may_create_lab: !ctx.scopes(Action::LabCreate).is_empty(),
        })
    }

    async fn labs_own(&self, ctx: &OpContext) -> Result<Vec<LabView>> {
        let changeable = Scopes {
            allowed: ctx.scopes(Action::LabWrite),
            within: None,
        };
        let own = Condition::any()
            .add(lab::Column::CreatedBy.eq(&ctx.caller.user_name))
            .add(in_scopes(lab::Column::ResourceKey, &changeable));
        let rows = visible::<lab::Entity>(ctx, Action::LabRead, None)
            .filter(own)
            .order_by_desc(lab::Column::CreatedAt)
            .order_by_desc(lab::Column::Id)
            .limit(SHOWN)
            .all(self.db())
            .await?;
        self.lab_views(rows).await
    }

    /// Failures where the caller may read the log, and of what the caller did.
    async fn failures(&self, ctx: &OpContext) -> Result<Vec<ActivityView>> {
        let readable = Scopes {
            allowed: ctx.scopes(Action::ActivityRead),
            within: None,
        };
        let told = Condition::any()
            .add(activity::Column::PrincipalId.eq(ctx.caller.principal))
            .add(in_scopes(activity::Column::ResourceKey, &readable));
        let rows = activity::Entity::find()
            .filter(activity::Column::TenantId.eq(ctx.tenant()))
            .filter(activity::Column::Result.eq(ActivityResult::Failed.to_string()))
            .filter(activity::Column::At.gte(ctx.now - FAILURES_FOR))
            .filter(told)
            .order_by_desc(activity::Column::Id)
            .limit(SHOWN)
            .all(self.db())
            .await?;
        Ok(rows.into_iter().map(crate::activity::view).collect())
    }

    async fn visible_count<E: Findable>(&self, ctx: &OpContext, action: Action) -> Result<u64> {
        let query = visible::<E>(ctx, action, None);
        Ok(query.count(self.db()).await?)
    }
}

/// The places that the caller's rights open.
fn places(ctx: &OpContext) -> Vec<Place> {
    let any = |actions: &[Action]| actions.iter().any(|action| !ctx.scopes(*action).is_empty());
    let everywhere = |action| ctx.scopes(action).iter().any(|scope| scope == "/");
    let administers = everywhere(Action::RoleAssignmentWrite) || everywhere(Action::PrincipalRead);
    [
        (Place::Home, true),
        (Place::Labs, any(&[Action::LabRead, Action::LabCreate])),
        (Place::MyMachines, true),
        (
            Place::Images,
            any(&[Action::GalleryRead, Action::ImageRead]) || !ctx.caller.foreign.is_empty(),
        ),
        (Place::LabPlans, any(&[Action::LabPlanRead])),
        (Place::Activity, any(&[Action::ActivityRead])),
        (Place::Administration, administers),
    ]
    .into_iter()
    .filter(|(_, is_open)| *is_open)
    .map(|(place, _)| place)
    .collect()
}

#[cfg(test)]
mod tests {
    use domain::rbac::{BUILT_IN, Grant};
    use domain::{Caller, Origin};
    use uuid::Uuid;

    use super::*;

    const GROUP: &str = "/subscriptions/s/resourcegroups/labs";

    fn with(role: &str, scope: &str) -> OpContext {
        let role = BUILT_IN
            .iter()
            .find(|r| r.name == role)
            .expect("a built-in role");
        let caller = Caller {
            principal: Uuid::nil(),
            tenant: Uuid::nil(),
            display_name: String::new(),
            user_name: String::new(),
            grants: vec![Grant::of(role, scope)],
            foreign: Vec::new(),
        };
        let now = chrono::DateTime::from_timestamp(0, 0).expect("a date");
        OpContext {
            caller,
            request_id: String::new(),
            now,
            origin: Origin::Portal,
        }
    }

    #[test]
    fn places_follow_from_rights() {
        use Place::{Activity, Administration, Home, Images, LabPlans, Labs, MyMachines};
        let all = [
            Home,
            Labs,
            MyMachines,
            Images,
            LabPlans,
            Activity,
            Administration,
        ];
        assert_eq!(places(&with("Owner", "/")), all);
        assert_eq!(places(&with("Owner", GROUP)), all[..6]);
        assert_eq!(
            places(&with("Lab Creator", GROUP)),
            [Home, Labs, MyMachines, LabPlans]
        );
        assert_eq!(
            places(&with("Compute Gallery Sharing Admin", GROUP)),
            [Home, MyMachines, Images]
        );
        let mut student = with("Owner", "/");
        student.caller.grants.clear();
        assert_eq!(places(&student), [Home, MyMachines]);
    }

    #[test]
    fn a_role_at_one_resource_creates_no_other() {
        let gallery = format!("{GROUP}/providers/microsoft.compute/galleries/biology");
        assert!(with("Contributor", "/").may_create(Action::GalleryWrite));
        assert!(with("Contributor", GROUP).may_create(Action::GalleryWrite));
        assert!(!with("Contributor", &gallery).may_create(Action::GalleryWrite));
        assert!(!with("Reader", "/").may_create(Action::GalleryWrite));
    }
}
