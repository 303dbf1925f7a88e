//! The shares that an organisation gave and got.

use std::collections::HashMap;

use domain::rbac::{Action, RoleView};
use domain::share::ShareView;
use domain::{OpContext, ResourceId};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use store::entity::{principal, share, tenant};
use store::{Scopes, in_scopes};
use uuid::Uuid;

use super::dates;
use crate::role::roles_of;
use crate::{Result, Services};

impl Services {
    /// Every share that the caller may know of, newest first: those that their organisation gave, where they may see
    /// shares, and those that it got, for who may see them in the whole organisation. With a scope, those that reach it
    /// or lie in it.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn share_list(
        &self,
        ctx: &OpContext,
        scope: Option<&ResourceId>,
    ) -> Result<Vec<ShareView>> {
        let readable = Scopes {
            allowed: ctx.scopes(Action::ShareRead),
            within: None,
        };
        let mut known = Condition::any().add(
            Condition::all()
                .add(share::Column::FromTenant.eq(ctx.tenant()))
                .add(in_scopes(share::Column::ScopeKey, &readable)),
        );
        if ctx.may(Action::ShareRead, "/") {
            known = known.add(share::Column::ToTenant.eq(ctx.tenant()));
        }
        let rows = share::Entity::find()
            .filter(known)
            .order_by_desc(share::Column::Id)
            .all(self.db())
            .await?;
        let key = scope.map(ResourceId::key);
        let touches = |row: &share::Model| {
            key.as_ref().is_none_or(|key| {
                domain::rbac::covers(&row.scope_key, key)
                    || domain::rbac::covers(key, &row.scope_key)
            })
        };
        self.share_views(ctx, rows.into_iter().filter(touches).collect())
            .await
    }

    /// The shares in force by which a resource of another organisation is open to the caller.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn share_reasons(
        &self,
        ctx: &OpContext,
        scope: &ResourceId,
    ) -> Result<Vec<ShareView>> {
        let rows = share::Entity::find()
            .filter(share::Column::ToTenant.eq(ctx.tenant()))
            .filter(super::grants::in_force(self.now()))
            .filter(super::grants::meant_for(ctx.caller.principal))
            .order_by_desc(share::Column::Id)
            .all(self.db())
            .await?;
        let key = scope.key();
        let covering = rows
            .into_iter()
            .filter(|row| domain::rbac::covers(&row.scope_key, &key));
        self.share_views(ctx, covering.collect()).await
    }

    async fn share_views(
        &self,
        ctx: &OpContext,
        rows: Vec<share::Model>,
    ) -> Result<Vec<ShareView>> {
        let db = self.db();
        let wanted: Vec<_> = rows
            .iter()
            .map(|row| (row.from_tenant, row.role_id))
            .collect();
        let roles: HashMap<Uuid, RoleView> = roles_of(db, &wanted).await?;
        let tenants = rows
            .iter()
            .flat_map(|row| [Some(row.from_tenant), row.to_tenant])
            .flatten();
        let tenants: HashMap<Uuid, String> = tenant::Entity::find()
            .filter(tenant::Column::Id.is_in(tenants))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        // Only the side that a person belongs to is told their name.
        let own = rows
            .iter()
            .filter(|row| row.to_tenant == Some(ctx.tenant()));
        let people: HashMap<Uuid, String> = principal::Entity::find()
            .filter(principal::Column::Id.is_in(own.filter_map(|row| row.to_principal)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row.display_name))
            .collect();
        let now = self.now();
        let name = |id: Uuid| tenants.get(&id).cloned();
        let view = |row: share::Model| {
            let is_given = row.from_tenant == ctx.tenant();
            let may_end = if is_given {
                ctx.may(Action::ShareWrite, &row.scope_key)
            } else {
                ctx.may(Action::ShareWrite, "/")
            };
            let to_principal = row.to_principal.map(|id| {
                people
                    .get(&id)
                    .cloned()
                    .unwrap_or_else(|| "one person or group".to_owned())
            });
            ShareView {
                id: row.id,
                is_given,
                from_name: name(row.from_tenant).unwrap_or_default(),
                to_name: row.to_tenant.and_then(name),
                to_principal,
                state: dates(&row).state(now),
                role_name: roles
                    .get(&row.role_id)
                    .map(|role| role.name.clone())
                    .unwrap_or_default(),
                may_revoke: may_end && row.revoked_at.is_none(),
                scope: ResourceId::from_stored(row.scope),
                note: row.note,
                created_by: row.created_by,
                created_at: row.created_at,
                accepted_by: row.accepted_by,
                accepted_at: row.accepted_at,
                expires_at: row.expires_at,
                revoked_by: row.revoked_by,
                revoked_at: row.revoked_at,
                use_count: row.use_count.unsigned_abs(),
                last_used_at: row.last_used_at,
            }
        };
        Ok(rows.into_iter().map(view).collect())
    }
}
