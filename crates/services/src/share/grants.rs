//! What shares mean to a caller, and the count of their uses.

use chrono::{DateTime, Utc};
use domain::rbac::{Grant, covers, lent};
use domain::{OpContext, ResourceId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use store::entity::{share, subscription};
use uuid::Uuid;

use crate::identity::caller::groups_of;
use crate::role::roles_of;
use crate::{Error, Result, Services};

/// Shares that were accepted for a principal, for a group of theirs, or for everybody in their tenant.
pub(super) fn meant_for(principal: Uuid) -> Condition {
    Condition::any()
        .add(share::Column::ToPrincipal.is_null())
        .add(share::Column::ToPrincipal.eq(principal))
        .add(share::Column::ToPrincipal.in_subquery(groups_of(principal)))
}

/// Shares of which the time has come and is not over.
pub(super) fn in_force(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(share::Column::AcceptedAt.is_not_null())
        .add(share::Column::RevokedAt.is_null())
        .add(
            Condition::any()
                .add(share::Column::ExpiresAt.is_null())
                .add(share::Column::ExpiresAt.gt(now)),
        )
}

impl Services {
    /// What other tenants share with a principal now.
    pub(crate) async fn share_grants(&self, tenant: Uuid, principal: Uuid) -> Result<Vec<Grant>> {
        let rows = share::Entity::find()
            .filter(share::Column::ToTenant.eq(tenant))
            .filter(in_force(self.now()))
            .filter(meant_for(principal))
            .all(self.db())
            .await?;
        let wanted: Vec<_> = rows
            .iter()
            .map(|row| (row.from_tenant, row.role_id))
            .collect();
        let roles = roles_of(self.db(), &wanted).await?;
        let mut grants = Vec::new();
        for row in rows {
            let place = ResourceId::from_stored(row.scope).subscription();
            if let (Some(role), Some(place)) = (roles.get(&row.role_id), place) {
                let grant = Grant {
                    role: row.role_id,
                    scope: row.scope_key,
                    actions: role.set(),
                };
                grants.extend(lent(&[grant], &[place]));
            }
        }
        Ok(grants)
    }

    /// Counts that something was made from a resource of another tenant, and tells that tenant's log. Does nothing for
    /// what is the caller's own.
    pub(crate) async fn share_used(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        resource: &ResourceId,
        made: &ResourceId,
    ) -> Result<()> {
        let key = resource.key();
        if !ctx.is_abroad(&key) {
            return Ok(());
        }
        let covering: Vec<share::Model> = share::Entity::find()
            .filter(share::Column::ToTenant.eq(ctx.tenant()))
            .filter(in_force(self.now()))
            .filter(meant_for(ctx.caller.principal))
            .all(tx)
            .await?
            .into_iter()
            .filter(|row| covers(&row.scope_key, &key))
            .collect();
        share::Entity::update_many()
            .col_expr(
                share::Column::UseCount,
                Expr::col(share::Column::UseCount).add(1),
            )
            .col_expr(share::Column::LastUsedAt, Expr::value(self.now()))
            .filter(share::Column::Id.is_in(covering.iter().map(|row| row.id)))
            .exec(tx)
            .await?;
        // Whoever needs no share, for a role of their own over there, is told of as well.
        let place = resource.subscription().unwrap_or_default();
        let owner = subscription::Entity::find_by_id(place).one(tx).await?;
        let owner = owner.ok_or_else(|| Error::internal("an image lies in no subscription"))?;
        let name = self.tenant_name(ctx.tenant()).await?;
        let (scope, detail) = (
            resource.as_str(),
            format!("{name} makes {} from it", made.name()),
        );
        self.record_abroad(tx, ctx, owner.tenant_id, "share_use", scope, &detail)
            .await
    }
}
