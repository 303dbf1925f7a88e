//! Roles: who has which, where, and who may give them.

mod check;
mod define;
mod owner;
mod scope;

use std::collections::HashMap;

use domain::rbac::{Action, ActionSet, RoleView, exceeding};
use domain::tenant::{PrincipalView, RoleAssignmentView};
use domain::{Code, OpContext, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ModelTrait,
    QueryFilter, QueryOrder,
};
use store::entity::{principal, role_assignment};
use store::{Scopes, in_scopes};
use uuid::Uuid;

pub(crate) use self::check::may_list_people;
pub(crate) use self::define::{role_of, roles_of};
pub(crate) use self::owner::last_owner;
pub(crate) use self::scope::{ancestry, normalize, revealed_by};
use crate::identity::principal::{principal_of, view as principal_view};
use crate::{Put, Result, Services};

impl Services {
    /// Who has which role at a scope, given there or above it.
    ///
    /// # Errors
    /// `ResourceNotFound` for a scope that is not there or not visible, `AuthorizationFailed`.
    pub async fn role_assignment_list(
        &self,
        ctx: &OpContext,
        scope: &str,
    ) -> Result<Vec<RoleAssignmentView>> {
        self.assignments(ctx, scope, false).await
    }

    /// Who has which role at a scope, given there, above it, or at something that lies in it.
    ///
    /// # Errors
    /// As [`Services::role_assignment_list`].
    pub async fn role_assignment_list_within(
        &self,
        ctx: &OpContext,
        scope: &str,
    ) -> Result<Vec<RoleAssignmentView>> {
        self.assignments(ctx, scope, true).await
    }

    async fn assignments(
        &self,
        ctx: &OpContext,
        scope: &str,
        below: bool,
    ) -> Result<Vec<RoleAssignmentView>> {
        let scope = normalize(scope)?;
        ctx.authorize(Action::RoleAssignmentRead, revealed_by(&scope), &scope)?;
        self.scope_find(self.db(), ctx, &scope).await?;
        let column = role_assignment::Column::Scope;
        let mut places = Condition::any().add(column.is_in(ancestry(&scope)));
        if below {
            let allowed = vec![scope.clone()];
            places = places.add(in_scopes(
                column,
                &Scopes {
                    allowed,
                    within: None,
                },
            ));
        }
        let rows = role_assignment::Entity::find()
            .filter(role_assignment::Column::TenantId.eq(ctx.tenant()))
            .filter(places)
            .order_by_asc(role_assignment::Column::Id)
            .all(self.db())
            .await?;
        self.role_views(ctx, rows, &scope).await
    }

    /// Gives a role to a principal at a scope. Asking the same again changes nothing.
    ///
    /// # Errors
    /// `ResourceNotFound` for a scope, principal or role of another tenant; `InvalidRequest` for a role that can't be
    /// given there; `AuthorizationFailed` without the right to give roles there, or for a role that allows more than
    /// the caller may; `AlreadyExists` when it is given already; `Conflict` when the id stands for another assignment.
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
        let tx = self.inner.store.begin().await?;
        // The role must stay what it is while it is compared with what the caller holds.
        self.lock_tenant(&tx, ctx.tenant()).await?;
        let role = role_of(&tx, ctx.tenant(), role).await?;
        if !role.is_assignable_at(&scope) {
            let message = format!(
                "“{}” can't be given here; its definition names where it can.",
                role.name
            );
            return Err(Problem::new(Code::InvalidRequest, message)
                .at("role")
                .into());
        }
        within_rights(ctx, &role.name, role.set(), &scope)?;
        self.scope_find(&tx, ctx, &scope).await?;
        let person = principal_of(&tx, ctx.tenant(), principal).await?;
        if let Some(row) = role_assignment::Entity::find_by_id(id).one(&tx).await? {
            let is_same = row.tenant_id == ctx.tenant()
                && row.scope == scope
                && row.principal_id == principal
                && row.role_id == role.id;
            if !is_same {
                let message = "This id stands for another role assignment. Use a new id.";
                return Err(Problem::new(Code::Conflict, message).into());
            }
            tx.rollback().await?;
            return Ok(Put {
                value: self.role_view(ctx, row, &scope).await?,
                created: false,
            });
        }
        let given = role_assignment::Entity::find()
            .filter(role_assignment::Column::PrincipalId.eq(principal))
            .filter(role_assignment::Column::RoleId.eq(role.id))
            .filter(role_assignment::Column::Scope.eq(&scope));
        if given.one(&tx).await?.is_some() {
            let message = format!(
                "“{}” has the role {} here already.",
                person.display_name, role.name
            );
            return Err(Problem::new(Code::AlreadyExists, message).into());
        }
        let row = role_assignment::ActiveModel {
            id: Set(id),
            tenant_id: Set(ctx.tenant()),
            principal_id: Set(principal),
            role_id: Set(role.id),
            scope: Set(scope.clone()),
            created_at: Set(self.now()),
            created_by: Set(ctx.caller.user_name.clone()),
        };
        let row = row.insert(&tx).await?;
        let detail = format!("{} is given to {}", role.name, person.user_name);
        self.record_done(&tx, ctx, "role_assignment_create", &scope, detail)
            .await?;
        tx.commit().await?;
        Ok(Put {
            value: self.role_view(ctx, row, &scope).await?,
            created: true,
        })
    }

    /// Takes a role away.
    ///
    /// # Errors
    /// `ResourceNotFound`; `AuthorizationFailed` without the right, or for a role that allows more than the caller
    /// may; `Conflict` for the organisation's last owner.
    pub async fn role_assignment_delete(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        let tx = self.inner.store.begin().await?;
        self.lock_tenant(&tx, ctx.tenant()).await?;
        let own = role_assignment::Entity::find_by_id(id)
            .filter(role_assignment::Column::TenantId.eq(ctx.tenant()));
        let missing = || Problem::not_found("The role assignment");
        let row = own.one(&tx).await?.ok_or_else(missing)?;
        ctx.authorize(
            Action::RoleAssignmentDelete,
            Action::RoleAssignmentRead,
            &row.scope,
        )?;
        let role = roles_of(&tx, &[(ctx.tenant(), row.role_id)])
            .await?
            .remove(&row.role_id);
        if let Some(role) = &role {
            within_rights(ctx, &role.name, role.set(), &row.scope)?;
        }
        if self
            .is_last_owner(&tx, ctx.tenant(), |assignment| assignment.id == id)
            .await?
        {
            return Err(last_owner().into());
        }
        let person = principal_of(&tx, ctx.tenant(), row.principal_id).await?;
        let name = role.map_or_else(|| UNKNOWN.to_owned(), |role| role.name);
        let (scope, detail) = (
            row.scope.clone(),
            format!("{name} is taken from {}", person.user_name),
        );
        row.delete(&tx).await?;
        self.record_done(&tx, ctx, "role_assignment_delete", &scope, detail)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn role_view(
        &self,
        ctx: &OpContext,
        row: role_assignment::Model,
        at: &str,
    ) -> Result<RoleAssignmentView> {
        crate::find::only(self.role_views(ctx, vec![row], at).await?)
    }

    async fn role_views(
        &self,
        ctx: &OpContext,
        rows: Vec<role_assignment::Model>,
        at: &str,
    ) -> Result<Vec<RoleAssignmentView>> {
        let wanted: Vec<_> = rows.iter().map(|row| (ctx.tenant(), row.role_id)).collect();
        let roles = roles_of(self.db(), &wanted).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.principal_id).collect();
        let people = principal::Entity::find()
            .filter(principal::Column::Id.is_in(ids))
            .all(self.db())
            .await?;
        let people: HashMap<Uuid, PrincipalView> = people
            .into_iter()
            .map(|row| (row.id, principal_view(row)))
            .collect();
        let with_person = |row: role_assignment::Model| {
            let who = people.get(&row.principal_id).cloned()?;
            Some(view(ctx, row, who, &roles, at))
        };
        Ok(rows.into_iter().filter_map(with_person).collect())
    }
}

/// The name of a role whose definition is gone; it allows nothing.
const UNKNOWN: &str = "an unknown role";

fn view(
    ctx: &OpContext,
    row: role_assignment::Model,
    principal: PrincipalView,
    roles: &HashMap<Uuid, RoleView>,
    at: &str,
) -> RoleAssignmentView {
    let role = roles.get(&row.role_id);
    let set = role.map_or(ActionSet::EMPTY, RoleView::set);
    RoleAssignmentView {
        id: row.id,
        principal,
        role: row.role_id,
        role_name: role.map_or_else(|| UNKNOWN.to_owned(), |role| role.name.clone()),
        role_description: role
            .map(|role| role.description.clone())
            .unwrap_or_default(),
        inherited: row.scope != at,
        may_take: ctx.may(Action::RoleAssignmentDelete, &row.scope)
            && exceeding(&ctx.caller.grants, set, &row.scope).is_empty(),
        scope: row.scope,
        created_at: row.created_at,
    }
}

/// Refuses a role that allows more at the scope than the caller may.
pub(crate) fn within_rights(
    ctx: &OpContext,
    name: &str,
    set: ActionSet,
    scope: &str,
) -> std::result::Result<(), Problem> {
    let Some(beyond) = exceeding(&ctx.caller.grants, set, scope).into_iter().next() else {
        return Ok(());
    };
    let message = format!(
        "{name} allows more than you may here (such as “{}”). Nobody gives or takes more than they hold.",
        beyond.as_str()
    );
    Err(Problem::new(Code::AuthorizationFailed, message).at(beyond.as_str()))
}
