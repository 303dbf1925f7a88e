//! Roles: who has which, where, and who may give them.

mod owner;
mod scope;

use std::collections::HashMap;

use domain::activity::ActivityResult;
use domain::rbac::{Action, RoleDefinition, exceeding};
use domain::tenant::{PrincipalView, RoleAssignmentView};
use domain::{Code, OpContext, Page, PageRequest, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, QueryFilter,
    QueryOrder,
};
use store::Cursor;
use store::entity::{principal, role_assignment};
use uuid::Uuid;

pub(crate) use self::owner::last_owner;
use self::scope::{ancestry, normalize, revealed_by};
use crate::identity::principal::{principal_of, view as principal_view};
use crate::{Put, Result, Services};

fn role_view(
    row: role_assignment::Model,
    principal: PrincipalView,
    at: &str,
) -> RoleAssignmentView {
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
    pub async fn role_assignment_list(
        &self,
        ctx: &OpContext,
        scope: &str,
    ) -> Result<Vec<RoleAssignmentView>> {
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
        let definition = domain::rbac::built_in(role)
            .ok_or_else(|| Problem::not_found("The role definition"))?;
        grantable(ctx, definition, &scope)?;
        let tx = self.inner.store.begin().await?;
        self.scope_find(&tx, ctx, &scope).await?;
        let person = principal_view(principal_of(&tx, ctx.tenant(), principal).await?);
        if let Some(row) = role_assignment::Entity::find_by_id(id).one(&tx).await? {
            let is_same = row.tenant_id == ctx.tenant()
                && row.scope == scope
                && row.principal_id == principal
                && row.role_id == role;
            if !is_same {
                return Err(Problem::new(
                    Code::Conflict,
                    "This id stands for another role assignment. Use a new id.",
                )
                .into());
            }
            return Ok(Put {
                value: role_view(row, person, &scope),
                created: false,
            });
        }
        let given = role_assignment::Entity::find()
            .filter(role_assignment::Column::PrincipalId.eq(principal))
            .filter(role_assignment::Column::RoleId.eq(role))
            .filter(role_assignment::Column::Scope.eq(&scope));
        if given.one(&tx).await?.is_some() {
            let message = format!(
                "“{}” has the role {} here already.",
                person.display_name, definition.name
            );
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
        self.record(
            &tx,
            ctx,
            "role_assignment_create",
            &scope,
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        tx.commit().await?;
        Ok(Put {
            value: role_view(row, person, &scope),
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
        let row = own
            .one(&tx)
            .await?
            .ok_or_else(|| Problem::not_found("The role assignment"))?;
        ctx.authorize(
            Action::RoleAssignmentDelete,
            Action::RoleAssignmentRead,
            &row.scope,
        )?;
        if let Some(definition) = domain::rbac::built_in(row.role_id) {
            grantable(ctx, definition, &row.scope)?;
        }
        if self
            .is_last_owner(&tx, ctx.tenant(), |assignment| assignment.id == id)
            .await?
        {
            return Err(last_owner().into());
        }
        let person = principal_of(&tx, ctx.tenant(), row.principal_id).await?;
        let (scope, detail) = (
            row.scope.clone(),
            format!(
                "{} is taken from {}",
                role_name(row.role_id),
                person.user_name
            ),
        );
        row.delete(&tx).await?;
        self.record(
            &tx,
            ctx,
            "role_assignment_delete",
            &scope,
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// The people, groups and programs of the tenant.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn principal_list(
        &self,
        ctx: &OpContext,
        page: &PageRequest,
    ) -> Result<Page<PrincipalView>> {
        may_list_people(ctx)?;
        let sort = match page.sort.as_deref() {
            Some("userName") => principal::Column::UserNameKey,
            Some("kind") => principal::Column::Kind,
            Some("createdAt") => principal::Column::CreatedAt,
            _ => principal::Column::DisplayName,
        };
        let cursor = Cursor {
            sort,
            descending: page.descending,
            id: principal::Column::Id,
            name: principal::Column::UserName,
        };
        let query = principal::Entity::find().filter(principal::Column::TenantId.eq(ctx.tenant()));
        let rows = store::fetch(self.db(), query, cursor, page).await?;
        Ok(rows.map(principal_view))
    }

    /// Why a principal may do something at a scope: every role that reaches it there, its own and through groups.
    /// Everybody may ask about themselves.
    ///
    /// # Errors
    /// `ResourceNotFound` for the scope or the principal, `AuthorizationFailed`.
    pub async fn access_check(
        &self,
        ctx: &OpContext,
        scope: &str,
        principal: Uuid,
    ) -> Result<Vec<RoleAssignmentView>> {
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

    async fn role_views(
        &self,
        rows: Vec<role_assignment::Model>,
        at: &str,
    ) -> Result<Vec<RoleAssignmentView>> {
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
            people
                .get(&row.principal_id)
                .cloned()
                .map(|who| role_view(row, who, at))
        };
        Ok(rows.into_iter().filter_map(with_person).collect())
    }
}

/// Refuses a role that allows more at the scope than the caller may.
fn grantable(
    ctx: &OpContext,
    role: &RoleDefinition,
    scope: &str,
) -> std::result::Result<(), Problem> {
    let Some(beyond) = exceeding(&ctx.caller.grants, role, scope)
        .into_iter()
        .next()
    else {
        return Ok(());
    };
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
