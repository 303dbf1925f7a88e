//! Roles themselves: the built-in ones, and those that an organisation defines.

use std::collections::HashMap;

use domain::rbac::{Action, ActionSet, BUILT_IN, RoleInput, RoleView, built_in, covers};
use domain::{Code, OpContext, Problem, ResourceId, Rule, Violation};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use store::entity::role_definition::{ActiveModel, Column, Entity, Model};
use store::entity::{role_assignment, share};
use uuid::Uuid;

use super::scope::{normalize, revealed_by};
use super::within_rights;
use crate::{Put, Result, Services};

impl Services {
    /// Every role that can be given in the caller's tenant: the built-in ones, then its own by name.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn role_list(&self, ctx: &OpContext) -> Result<Vec<RoleView>> {
        let rows = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .order_by_asc(Column::NameKey)
            .all(self.db())
            .await?;
        let mut roles: Vec<RoleView> = BUILT_IN.iter().map(RoleView::from).collect();
        for row in rows {
            roles.push(view(row)?);
        }
        Ok(roles)
    }

    /// One role.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn role_get(&self, ctx: &OpContext, id: Uuid) -> Result<RoleView> {
        role_of(self.db(), ctx.tenant(), id).await
    }

    /// Defines a role of the tenant's own, or changes one. Whoever does so holds everything that it allows, before and
    /// after, wherever it can be given: those who have it already gain with the change.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule; `ResourceNotFound` for a scope; `AuthorizationFailed` without the right
    /// to define roles there, or for one that allows more than the caller may; `AlreadyExists` for a name that is taken;
    /// `Conflict` for a built-in role, for an id of another role, and for a scope that goes while the role is given
    /// there.
    pub async fn role_put(
        &self,
        ctx: &OpContext,
        id: Uuid,
        input: RoleInput,
    ) -> Result<Put<RoleView>> {
        if built_in(id).is_some() {
            let message = "A built-in role can't be changed. Define one of your own instead.";
            return Err(Problem::new(Code::Conflict, message).into());
        }
        Problem::unless_empty(input.check())?;
        let scopes = normalized(&input.assignable_scopes)?;
        let tx = self.inner.store.begin().await?;
        self.lock_tenant(&tx, ctx.tenant()).await?;
        let found = Entity::find_by_id(id).one(&tx).await?;
        let is_own = |row: &Model| row.tenant_id == ctx.tenant();
        let before = found.clone().filter(is_own).map(view).transpose()?;
        let (old_set, old_scopes) = match &before {
            Some(role) => (role.set(), normalized(&role.assignable_scopes)?),
            None => (ActionSet::EMPTY, Vec::new()),
        };
        for scope in scopes.iter().chain(&old_scopes) {
            self.may_define(&tx, ctx, scope, Action::RoleDefinitionWrite)
                .await?;
            within_rights(ctx, &input.name, input.set().or(old_set), scope)?;
        }
        if found.as_ref().is_some_and(|row| !is_own(row)) {
            let message = "This id stands for another role. Use a new id.";
            return Err(Problem::new(Code::Conflict, message).into());
        }
        if before.is_some() {
            stays_assignable(&tx, ctx.tenant(), id, &scopes).await?;
        }
        let name = input.name.trim().to_owned();
        let taken = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .filter(Column::NameKey.eq(name.to_lowercase()))
            .filter(Column::Id.ne(id));
        if taken.one(&tx).await?.is_some() {
            let violation = Violation::new(Rule::AlreadyExists, "name").with("value", &name);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let now = self.now();
        let fields = ActiveModel {
            name: Set(name.clone()),
            name_key: Set(name.to_lowercase()),
            description: Set(input.description.trim().to_owned()),
            actions: Set(serde_json::to_value(&input.actions)?),
            not_actions: Set(serde_json::to_value(&input.not_actions)?),
            assignable_scopes: Set(serde_json::to_value(&scopes)?),
            updated_at: Set(now),
            ..Default::default()
        };
        let (row, created) = match found {
            Some(row) => {
                let changed = ActiveModel {
                    id: row.into_active_model().id,
                    ..fields
                };
                (changed.update(&tx).await?, false)
            }
            None => {
                let new = ActiveModel {
                    id: Set(id),
                    tenant_id: Set(ctx.tenant()),
                    created_at: Set(now),
                    created_by: Set(ctx.caller.user_name.clone()),
                    ..fields
                };
                (new.insert(&tx).await?, true)
            }
        };
        let verb = if created { "defined" } else { "changed" };
        let detail = format!("the role {name} is {verb}: {}", input.actions.join(", "));
        self.record_done(&tx, ctx, "role_put", &scopes[0], detail)
            .await?;
        tx.commit().await?;
        Ok(Put {
            value: view(row)?,
            created,
        })
    }

    /// Deletes a role of the tenant's own that nobody has.
    ///
    /// # Errors
    /// `ResourceNotFound`; `AuthorizationFailed`; `ResourceInUse` while it is given to somebody or shared with another
    /// organisation; `Conflict` for a built-in role.
    pub async fn role_delete(&self, ctx: &OpContext, id: Uuid) -> Result<RoleView> {
        if built_in(id).is_some() {
            let message = "A built-in role can't be deleted.";
            return Err(Problem::new(Code::Conflict, message).into());
        }
        let tx = self.inner.store.begin().await?;
        self.lock_tenant(&tx, ctx.tenant()).await?;
        let own = Entity::find_by_id(id).filter(Column::TenantId.eq(ctx.tenant()));
        let row = own.one(&tx).await?.ok_or_else(missing)?;
        let role = view(row.clone())?;
        for scope in normalized(&role.assignable_scopes)? {
            self.may_define(&tx, ctx, &scope, Action::RoleDefinitionDelete)
                .await?;
        }
        let given = role_assignment::Entity::find()
            .filter(role_assignment::Column::RoleId.eq(id))
            .count(&tx)
            .await?;
        let shared = share::Entity::find()
            .filter(share::Column::RoleId.eq(id))
            .filter(share::Column::RevokedAt.is_null())
            .count(&tx)
            .await?;
        if given + shared > 0 {
            let message = format!(
                "“{}” is given {given} times and shared {shared} times. Take it back first.",
                role.name
            );
            return Err(Problem::new(Code::ResourceInUse, message).into());
        }
        row.delete(&tx).await?;
        let detail = format!("the role {} is deleted", role.name);
        self.record_done(&tx, ctx, "role_delete", &role.assignable_scopes[0], detail)
            .await?;
        tx.commit().await?;
        Ok(role)
    }

    async fn may_define(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        scope: &str,
        action: Action,
    ) -> Result<()> {
        ctx.authorize(action, revealed_by(scope), scope)?;
        self.scope_find(tx, ctx, scope).await
    }
}

fn missing() -> Problem {
    Problem::not_found("The role definition")
}

fn normalized(scopes: &[String]) -> Result<Vec<String>> {
    let mut keys = scopes
        .iter()
        .map(|scope| normalize(scope))
        .collect::<Result<Vec<_>>>()?;
    keys.sort();
    keys.dedup();
    Ok(keys)
}

/// Refuses scopes that leave out a place at which somebody has the role: a later change would reach them unseen.
async fn stays_assignable(
    tx: &impl ConnectionTrait,
    tenant: Uuid,
    role: Uuid,
    scopes: &[String],
) -> Result<()> {
    let given = role_assignment::Entity::find()
        .filter(role_assignment::Column::TenantId.eq(tenant))
        .filter(role_assignment::Column::RoleId.eq(role))
        .all(tx)
        .await?;
    let outside = given
        .iter()
        .find(|row| !scopes.iter().any(|scope| covers(scope, &row.scope)));
    let Some(row) = outside else {
        return Ok(());
    };
    let place = ResourceId::parse(&row.scope).map_or(row.scope.clone(), |id| id.to_string());
    let message =
        format!("The role is given at {place}, which would be left out. Take it away there first.");
    Err(Problem::new(Code::Conflict, message)
        .at("assignableScopes")
        .into())
}

fn view(row: Model) -> Result<RoleView> {
    Ok(RoleView {
        id: row.id,
        name: row.name,
        description: row.description,
        actions: serde_json::from_value(row.actions)?,
        not_actions: serde_json::from_value(row.not_actions)?,
        assignable_scopes: serde_json::from_value(row.assignable_scopes)?,
        updated_at: Some(row.updated_at),
    })
}

/// A role that can be given in a tenant.
///
/// # Errors
/// `ResourceNotFound`.
pub(crate) async fn role_of(db: &impl ConnectionTrait, tenant: Uuid, id: Uuid) -> Result<RoleView> {
    let mut found = roles_of(db, &[(tenant, id)]).await?;
    Ok(found.remove(&id).ok_or_else(missing)?)
}

/// The roles of these tenants and ids; one that was deleted, or is another tenant's, is left out.
pub(crate) async fn roles_of(
    db: &impl ConnectionTrait,
    wanted: &[(Uuid, Uuid)],
) -> Result<HashMap<Uuid, RoleView>> {
    let mut roles = HashMap::new();
    let mut own = Condition::any();
    for (tenant, id) in wanted {
        if let Some(role) = built_in(*id) {
            roles.insert(*id, RoleView::from(role));
        } else {
            let of_tenant = Condition::all()
                .add(Column::Id.eq(*id))
                .add(Column::TenantId.eq(*tenant));
            own = own.add(of_tenant);
        }
    }
    if !own.is_empty() {
        for row in Entity::find().filter(own).all(db).await? {
            roles.insert(row.id, view(row)?);
        }
    }
    Ok(roles)
}
