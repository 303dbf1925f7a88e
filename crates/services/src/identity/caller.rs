//! Who asks: a principal with every role that it holds in a tenant, its own and those of its groups.

use domain::rbac::Grant;
use domain::{Caller, Code, Problem};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use store::entity::{group_member, principal, role_assignment};
use uuid::Uuid;

use crate::{Result, Services};

/// The refusal of a principal that is gone or disabled.
fn shut_out() -> Problem {
    Problem::new(
        Code::AuthenticationFailed,
        "This account can't be used any more. Ask your administrator.",
    )
}

/// Assignments to the principal or to one of its groups.
pub(crate) fn holds(tenant: Uuid, principal: Uuid) -> Condition {
    let groups = group_member::Entity::find()
        .select_only()
        .column(group_member::Column::GroupId)
        .filter(group_member::Column::MemberId.eq(principal))
        .into_query();
    let whose = Condition::any()
        .add(role_assignment::Column::PrincipalId.eq(principal))
        .add(role_assignment::Column::PrincipalId.in_subquery(groups));
    Condition::all()
        .add(role_assignment::Column::TenantId.eq(tenant))
        .add(whose)
}

impl Services {
    /// Loads a principal of a tenant with its rights.
    ///
    /// # Errors
    /// `AuthenticationFailed` when the tenant has no such principal or it is disabled.
    pub async fn caller_load(&self, principal: Uuid, tenant: Uuid) -> Result<Caller> {
        let query =
            principal::Entity::find_by_id(principal).filter(principal::Column::TenantId.eq(tenant));
        let row = query.one(self.db()).await?.ok_or_else(shut_out)?;
        self.caller_of(row).await
    }

    /// Adds the rights to a principal's row.
    pub(super) async fn caller_of(&self, row: principal::Model) -> Result<Caller> {
        if !row.enabled {
            return Err(shut_out().into());
        }
        let assignments = role_assignment::Entity::find()
            .filter(holds(row.tenant_id, row.id))
            .all(self.db())
            .await?;
        let grants = assignments
            .into_iter()
            .map(|held| Grant {
                role: held.role_id,
                scope: held.scope,
            })
            .collect();
        Ok(Caller {
            principal: row.id,
            tenant: row.tenant_id,
            display_name: row.display_name,
            user_name: row.user_name,
            grants,
        })
    }
}
