//! Who asks: a principal with every role that it holds in a tenant, its own and those of its groups, and what other
//! tenants lend it.

use domain::rbac::{Grant, lent};
use domain::{Caller, Code, Problem};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use store::entity::{group_member, principal, role_assignment, subscription};
use uuid::Uuid;

use super::LOCAL_ISSUER;
use super::guest::{is_home, with_way_in};
use crate::role::roles_of;
use crate::{Result, Services};

/// The refusal of a principal that is gone or disabled.
fn shut_out() -> Problem {
    Problem::new(
        Code::AuthenticationFailed,
        "This account can't be used any more. Ask your administrator.",
    )
}

/// The groups that a principal is in.
pub(crate) fn groups_of(principal: Uuid) -> SelectStatement {
    group_member::Entity::find()
        .select_only()
        .column(group_member::Column::GroupId)
        .filter(group_member::Column::MemberId.eq(principal))
        .into_query()
}

/// Assignments to the principal or to one of its groups.
pub(crate) fn holds(tenant: Uuid, principal: Uuid) -> Condition {
    let whose = Condition::any()
        .add(role_assignment::Column::PrincipalId.eq(principal))
        .add(role_assignment::Column::PrincipalId.in_subquery(groups_of(principal)));
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

    /// Adds the rights to a principal's row. A guest with a local account elsewhere is barred with that account.
    pub(crate) async fn caller_of(&self, row: principal::Model) -> Result<Caller> {
        if !row.enabled || self.home_is_barred(&row).await? {
            return Err(shut_out().into());
        }
        let mut foreign = self.share_grants(row.tenant_id, row.id).await?;
        foreign.extend(self.guest_grants(&row).await?);
        Ok(Caller {
            grants: self.grants_held(row.tenant_id, row.id).await?,
            foreign,
            principal: row.id,
            tenant: row.tenant_id,
            display_name: row.display_name,
            user_name: row.user_name,
        })
    }

    /// Lends a caller what they may do in another tenant, as a second token of theirs proves: it counts for what lies
    /// in that tenant, and to read images alone. A token of the caller's own tenant adds nothing.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn caller_lend(&self, caller: &mut Caller, other: &Caller) -> Result<()> {
        if other.tenant != caller.tenant {
            let places = self.subscriptions_of(other.tenant).await?;
            caller.foreign.extend(lent(&other.grants, &places));
        }
        Ok(())
    }

    /// Every role that a principal holds in its tenant.
    async fn grants_held(&self, tenant: Uuid, principal: Uuid) -> Result<Vec<Grant>> {
        let held = role_assignment::Entity::find()
            .filter(holds(tenant, principal))
            .all(self.db())
            .await?;
        let wanted: Vec<_> = held.iter().map(|row| (tenant, row.role_id)).collect();
        let roles = roles_of(self.db(), &wanted).await?;
        // A role whose definition is gone allows nothing.
        let grant = |row: role_assignment::Model| {
            Some(Grant {
                actions: roles.get(&row.role_id)?.set(),
                role: row.role_id,
                scope: row.scope,
            })
        };
        Ok(held.into_iter().filter_map(grant).collect())
    }

    async fn home_is_barred(&self, row: &principal::Model) -> Result<bool> {
        if row.issuer != LOCAL_ISSUER || is_home(row) {
            return Ok(false);
        }
        let Ok(home) = Uuid::parse_str(&row.subject) else {
            return Ok(false);
        };
        let home = principal::Entity::find_by_id(home).one(self.db()).await?;
        Ok(home.is_none_or(|home| !home.enabled))
    }

    /// What the same person or program holds in other tenants. It is the same when issuer and subject are.
    ///
    /// A role over there counts as long as its holder could use it there: their row is enabled, and their way of signing
    /// in is open, as [`with_way_in`] judges. A tenant that disables or removes its provider ends by that what it lent to
    /// the provider's people.
    async fn guest_grants(&self, row: &principal::Model) -> Result<Vec<Grant>> {
        let twins = principal::Entity::find()
            .filter(principal::Column::Issuer.eq(&row.issuer))
            .filter(principal::Column::Subject.eq(&row.subject))
            .filter(principal::Column::TenantId.ne(row.tenant_id))
            .filter(principal::Column::Enabled.eq(true))
            .all(self.db())
            .await?;
        let mut grants = Vec::new();
        for twin in with_way_in(self.db(), twins).await? {
            let held = self.grants_held(twin.tenant_id, twin.id).await?;
            if !held.is_empty() {
                let places = self.subscriptions_of(twin.tenant_id).await?;
                grants.extend(lent(&held, &places));
            }
        }
        Ok(grants)
    }

    async fn subscriptions_of(&self, tenant: Uuid) -> Result<Vec<Uuid>> {
        let ids = subscription::Entity::find()
            .select_only()
            .column(subscription::Column::Id)
            .filter(subscription::Column::TenantId.eq(tenant));
        Ok(ids.into_tuple().all(self.db()).await?)
    }
}
