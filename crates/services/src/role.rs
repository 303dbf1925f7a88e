//! Roles: who has which, where, and who may give them.

use std::collections::HashMap;

use domain::activity::ActivityResult;
use domain::rbac::{Action, RoleDefinition, exceeding};
use domain::tenant::{PrincipalView, RoleAssignmentView};
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use store::Cursor;
use store::entity::{gallery, image, image_version, lab, lab_plan, principal, resource_group, role_assignment, subscription, tenant};
use uuid::Uuid;

use crate::find::find;
use crate::identity::principal::{principal_of, view as principal_view};
use crate::{Put, Result, Services, Target};

/// The name of the role that may do everything.
const OWNER: &str = "Owner";

/// The refusal to leave a tenant without an owner: nobody could give rights any more.
pub(crate) fn last_owner() -> Problem {
    Problem::new(Code::Conflict, "This is the organisation's last owner. Make somebody else an owner first.")
}

/// What a scope is, by the last word of its path: the action that reveals it.
fn revealed_by(scope: &str) -> Action {
    let words: Vec<&str> = scope.split('/').collect();
    match words.len().checked_sub(2).and_then(|kind| words.get(kind)) {
        Some(&"subscriptions") => Action::SubscriptionRead,
        Some(&"resourcegroups") => Action::ResourceGroupRead,
        Some(&"galleries") => Action::GalleryRead,
        Some(&"images") => Action::ImageRead,
        Some(&"versions") => Action::VersionRead,
        Some(&"labplans") => Action::LabPlanRead,
        Some(&"labs") => Action::LabRead,
        // The tenant is no secret to those in it, but reading its people is the least that its roles begin with.
        _ => Action::PrincipalRead,
    }
}

/// The scope and everything above it, `/` first.
fn ancestry(scope: &str) -> Vec<String> {
    let mut found = vec!["/".to_owned()];
    let ends = scope.match_indices('/').map(|(at, _)| at).skip(1).chain([scope.len()]);
    found.extend(ends.filter(|end| *end > 1).map(|end| scope[..end].to_owned()));
    found
}

/// The scope as it is kept: lower case, without a slash at the end.
fn normalize(scope: &str) -> Result<String> {
    if scope.is_empty() || scope == "/" {
        return Ok("/".to_owned());
    }
    let id = ResourceId::parse(scope).map_err(|_| {
        let message = "The scope is not the id of a subscription, resource group or resource.";
        Problem::new(Code::InvalidRequest, message).at("scope")
    })?;
    Ok(id.key())
}

fn role_view(row: role_assignment::Model, principal: PrincipalView, at: &str) -> RoleAssignmentView {
    RoleAssignmentView {
        id: row.id,
        principal,
        role: row.role_id,
        role_name: role_name(row.role_id).to_owned(),
        inherited: row.scope != at,
        scope: row.scope,
        created_at: row.created_at,
    }
}

fn role_name(role: Uuid) -> &'static str {
    domain::rbac::built_in(role).map_or("an unknown role", |role| role.name)
}

impl Services {
    /// Every role definition.
    #[must_use]
    pub fn role_list(&self) -> &'static [RoleDefinition] {
        domain::rbac::BUILT_IN
    }

    /// Who has which role at a scope, given there or above it.
    ///
    /// # Errors
    /// `ResourceNotFound` for a scope that is not there or not visible, `AuthorizationFailed`.
    pub async fn role_assignment_list(&self, ctx: &OpContext, scope: &str) -> Result<Vec<RoleAssignmentView>> {
        let scope = normalize(scope)?;
        ctx.authorize(Action::RoleAssignmentRead, revealed_by(&scope), &scope)?;
        self.scope_find(self.db(), ctx, &scope).await?;
        let rows = role_assignment::Entity::find()
            .filter(role_assignment::Column::TenantId.eq(ctx.tenant()))
            .filter(role_assignment::Column::Scope.is_in(ancestry(&scope)))
            .order_by_asc(role_assignment::Column::Id)
            .all(self.db())
            .await?;
        self.role_views(rows, &scope).await
    }

    /// Gives a role to a principal at a scope. Asking the same again changes nothing.
    ///
    /// # Errors
    /// `ResourceNotFound` for a scope or principal of another tenant; `AuthorizationFailed` without the right to give
    /// roles there, or for a role that allows more than the caller may; `AlreadyExists` when it is given already;
    /// `Conflict` when the id stands for another assignment.
    pub async fn role_assignment_create(
        &self,
        ctx: &OpContext,
        id: Uuid,
        scope: &str,
        principal: Uuid,
        role: Uuid,
    ) -> Result<Put<RoleAssignmentView>> {
        let scope = normalize(scope)?;
        ctx.authorize(Action::RoleAssignmentWrite, revealed_by(&scope), &scope)?;
        let definition = domain::rbac::built_in(role).ok_or_else(|| Problem::not_found("The role definition"))?;
        grantable(ctx, definition, &scope)?;
        let tx = self.inner.store.begin().await?;
        self.scope_find(&tx, ctx, &scope).await?;
        let person = principal_view(principal_of(&tx, ctx.tenant(), principal).await?);
        if let Some(row) = role_assignment::Entity::find_by_id(id).one(&tx).await? {
            let is_same = row.tenant_id == ctx.tenant() && row.scope == scope && row.principal_id == principal && row.role_id == role;
            if !is_same {
                return Err(Problem::new(Code::Conflict, "This id stands for another role assignment. Use a new id.").into());
            }
            return Ok(Put { value: role_view(row, person, &scope), created: false });
        }
        let given = role_assignment::Entity::find()
            .filter(role_assignment::Column::PrincipalId.eq(principal))
            .filter(role_assignment::Column::RoleId.eq(role))
            .filter(role_assignment::Column::Scope.eq(&scope));
        if given.one(&tx).await?.is_some() {
            let message = format!("“{}” has the role {} here already.", person.display_name, definition.name);
            return Err(Problem::new(Code::AlreadyExists, message).into());
        }
        let row = role_assignment::ActiveModel {
            id: Set(id),
            tenant_id: Set(ctx.tenant()),
            principal_id: Set(principal),
            role_id: Set(role),
            scope: Set(scope.clone()),
            created_at: Set(self.now()),
            created_by: Set(ctx.caller.user_name.clone()),
        };
        let row = row.insert(&tx).await?;
        let detail = format!("{} is given to {}", definition.name, person.user_name);
        self.record(&tx, ctx, "role_assignment_create", &scope, ActivityResult::Succeeded, detail).await?;
        tx.commit().await?;
        Ok(Put { value: role_view(row, person, &scope), created: true })
    }

    /// Takes a role away.
    ///
    /// # Errors
    /// `ResourceNotFound`; `AuthorizationFailed` without the right, or for a role that allows more than the caller
    /// may; `Conflict` for the organisation's last owner.
    pub async fn role_assignment_delete(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        let tx = self.inner.store.begin().await?;
        self.lock_tenant(&tx, ctx.tenant()).await?;
        let own = role_assignment::Entity::find_by_id(id).filter(role_assignment::Column::TenantId.eq(ctx.tenant()));
        let row = own.one(&tx).await?.ok_or_else(|| Problem::not_found("The role assignment"))?;
        ctx.authorize(Action::RoleAssignmentDelete, Action::RoleAssignmentRead, &row.scope)?;
        if let Some(definition) = domain::rbac::built_in(row.role_id) {
            grantable(ctx, definition, &row.scope)?;
        }
        if self.is_last_owner(&tx, ctx.tenant(), |assignment| assignment.id == id).await? {
            return Err(last_owner().into());
        }
        let person = principal_of(&tx, ctx.tenant(), row.principal_id).await?;
        let (scope, detail) = (row.scope.clone(), format!("{} is taken from {}", role_name(row.role_id), person.user_name));
        row.delete(&tx).await?;
        self.record(&tx, ctx, "role_assignment_delete", &scope, ActivityResult::Succeeded, detail).await?;
        Ok(tx.commit().await?)
    }

    /// The people, groups and programs of the tenant.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn principal_list(&self, ctx: &OpContext, page: &PageRequest) -> Result<Page<PrincipalView>> {
        may_list_people(ctx)?;
        let sort = match page.sort.as_deref() {
            Some("userName") => principal::Column::UserNameKey,
            Some("kind") => principal::Column::Kind,
            Some("createdAt") => principal::Column::CreatedAt,
            _ => principal::Column::DisplayName,
        };
        let cursor =
            Cursor { sort, descending: page.descending, id: principal::Column::Id, name: principal::Column::UserName };
        let query = principal::Entity::find().filter(principal::Column::TenantId.eq(ctx.tenant()));
        let rows = store::fetch(self.db(), query, cursor, page).await?;
        Ok(rows.map(principal_view))
    }

    /// Why a principal may do something at a scope: every role that reaches it there, its own and through groups.
    /// Everybody may ask about themselves.
    ///
    /// # Errors
    /// `ResourceNotFound` for the scope or the principal, `AuthorizationFailed`.
    pub async fn access_check(&self, ctx: &OpContext, scope: &str, principal: Uuid) -> Result<Vec<RoleAssignmentView>> {
        let scope = normalize(scope)?;
        if principal != ctx.caller.principal {
            ctx.authorize(Action::RoleAssignmentRead, revealed_by(&scope), &scope)?;
        }
        self.scope_find(self.db(), ctx, &scope).await?;
        principal_of(self.db(), ctx.tenant(), principal).await?;
        let rows = role_assignment::Entity::find()
            .filter(crate::identity::caller::holds(ctx.tenant(), principal))
            .filter(role_assignment::Column::Scope.is_in(ancestry(&scope)))
            .order_by_asc(role_assignment::Column::Id)
            .all(self.db())
            .await?;
        self.role_views(rows, &scope).await
    }

    async fn role_views(&self, rows: Vec<role_assignment::Model>, at: &str) -> Result<Vec<RoleAssignmentView>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.principal_id).collect();
        let people = principal::Entity::find().filter(principal::Column::Id.is_in(ids)).all(self.db()).await?;
        let people: HashMap<Uuid, PrincipalView> = people.into_iter().map(|row| (row.id, principal_view(row))).collect();
        let with_person = |row: role_assignment::Model| people.get(&row.principal_id).cloned().map(|who| role_view(row, who, at));
        Ok(rows.into_iter().filter_map(with_person).collect())
    }

    /// Lets one change of owners happen at a time, so that two can't each remove what the other counts on.
    pub(crate) async fn lock_tenant(&self, tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
        let mut query = tenant::Entity::find_by_id(id);
        if self.inner.store.is_postgres() {
            query = query.lock_exclusive();
        }
        query.one(tx).await?.ok_or_else(|| Problem::not_found("The organisation"))?;
        Ok(())
    }

    /// Whether no owner of the whole tenant who can sign in would be left without these assignments.
    pub(crate) async fn is_last_owner(
        &self,
        tx: &impl ConnectionTrait,
        tenant: Uuid,
        goes: impl Fn(&role_assignment::Model) -> bool + Send,
    ) -> Result<bool> {
        let owner = domain::rbac::BUILT_IN.iter().find(|role| role.name == OWNER).map(|role| role.id);
        let rows = role_assignment::Entity::find()
            .filter(role_assignment::Column::TenantId.eq(tenant))
            .filter(role_assignment::Column::Scope.eq("/"))
            .filter(role_assignment::Column::RoleId.eq(owner))
            .all(tx)
            .await?;
        let (going, staying): (Vec<_>, Vec<_>) = rows.into_iter().partition(goes);
        if going.is_empty() {
            return Ok(false);
        }
        let people = principal::Entity::find()
            .filter(principal::Column::Id.is_in(staying.iter().map(|row| row.principal_id)))
            .filter(principal::Column::Enabled.eq(true))
            .filter(principal::Column::Kind.eq(domain::tenant::PrincipalKind::User.to_string()));
        Ok(people.one(tx).await?.is_none())
    }

    /// Makes sure that a scope is something of this tenant.
    async fn scope_find(&self, db: &impl ConnectionTrait, ctx: &OpContext, scope: &str) -> Result<()> {
        if scope == "/" {
            return Ok(());
        }
        let id = ResourceId::from_stored(scope.to_owned());
        let target = Target::Arm(id.clone());
        match revealed_by(scope) {
            Action::SubscriptionRead => {
                let missing = || Problem::not_found("The subscription");
                let query = subscription::Entity::find_by_id(id.subscription().ok_or_else(missing)?)
                    .filter(subscription::Column::TenantId.eq(ctx.tenant()));
                query.one(db).await?.ok_or_else(missing)?;
            }
            Action::ResourceGroupRead => drop(find::<resource_group::Entity>(db, ctx, &target).await?),
            Action::GalleryRead => drop(find::<gallery::Entity>(db, ctx, &target).await?),
            Action::ImageRead => drop(find::<image::Entity>(db, ctx, &target).await?),
            Action::VersionRead => drop(find::<image_version::Entity>(db, ctx, &target).await?),
            Action::LabPlanRead => drop(find::<lab_plan::Entity>(db, ctx, &target).await?),
            Action::LabRead => drop(find::<lab::Entity>(db, ctx, &target).await?),
            _ => return Err(Problem::not_found("The scope").into()),
        }
        Ok(())
    }
}

/// Refuses a role that allows more at the scope than the caller may.
fn grantable(ctx: &OpContext, role: &RoleDefinition, scope: &str) -> std::result::Result<(), Problem> {
    let Some(beyond) = exceeding(&ctx.caller.grants, role, scope).into_iter().next() else { return Ok(()) };
    let message = format!(
        "{} allows more than you may here (such as “{}”). Nobody gives or takes more than they hold.",
        role.name,
        beyond.as_str()
    );
    Err(Problem::new(Code::AuthorizationFailed, message).at(beyond.as_str()))
}

/// Who gives roles anywhere has to find the people to give them to.
fn may_list_people(ctx: &OpContext) -> std::result::Result<(), Problem> {
    if ctx.may(Action::PrincipalRead, "/") || !ctx.scopes(Action::RoleAssignmentWrite).is_empty() {
        return Ok(());
    }
    let message = "Only those who see the organisation's people, or give roles, may list them.";
    Err(Problem::new(Code::AuthorizationFailed, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ancestry_is_every_prefix_of_the_path() {
        assert_eq!(ancestry("/"), ["/"]);
        let found = ancestry("/subscriptions/s/resourcegroups/rg");
        assert_eq!(found, ["/", "/subscriptions", "/subscriptions/s", "/subscriptions/s/resourcegroups", "/subscriptions/s/resourcegroups/rg"]);
    }

    #[test]
    fn a_scope_is_known_by_its_last_word() {
        let rg = "/subscriptions/s/resourcegroups/rg";
        assert_eq!(revealed_by("/"), Action::PrincipalRead);
        assert_eq!(revealed_by("/subscriptions/s"), Action::SubscriptionRead);
        assert_eq!(revealed_by(rg), Action::ResourceGroupRead);
        assert_eq!(revealed_by(&format!("{rg}/providers/microsoft.compute/galleries/g/images/i")), Action::ImageRead);
        assert_eq!(revealed_by(&format!("{rg}/providers/microsoft.labservices/labplans/labs")), Action::LabPlanRead);
    }

    #[test]
    fn a_scope_that_is_no_path_is_refused() {
        assert!(normalize("subscriptions/s").is_err());
        assert_eq!(normalize("/Subscriptions/S/").expect("a scope"), "/subscriptions/s");
    }
}
