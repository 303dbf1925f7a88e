//! Owners of a whole tenant: one must stay, or nobody could give rights any more.

use domain::rbac::OWNER;
use domain::tenant::PrincipalKind;
use domain::{Code, Problem};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use store::entity::{principal, role_assignment, tenant};
use uuid::Uuid;

use crate::{Result, Services};

/// The refusal to leave a tenant without an owner: nobody could give rights any more.
pub(crate) fn last_owner() -> Problem {
    Problem::new(
        Code::Conflict,
        "This is the organisation's last owner. Make somebody else an owner first.",
    )
}

impl Services {
    /// Lets one change of owners happen at a time, so that two can't each remove what the other counts on.
    pub(crate) async fn lock_tenant(&self, tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
        let mut query = tenant::Entity::find_by_id(id);
        if self.inner.store.is_postgres() {
            query = query.lock_exclusive();
        }
        query
            .one(tx)
            .await?
            .ok_or_else(|| Problem::not_found("The organisation"))?;
        Ok(())
    }

    /// Whether no owner of the whole tenant who can sign in would be left without these assignments.
    pub(crate) async fn is_last_owner(
        &self,
        tx: &impl ConnectionTrait,
        tenant: Uuid,
        goes: impl Fn(&role_assignment::Model) -> bool + Send,
    ) -> Result<bool> {
        let rows = role_assignment::Entity::find()
            .filter(role_assignment::Column::TenantId.eq(tenant))
            .filter(role_assignment::Column::Scope.eq("/"))
            .filter(role_assignment::Column::RoleId.eq(OWNER.id))
            .all(tx)
            .await?;
        let (going, staying): (Vec<_>, Vec<_>) = rows.into_iter().partition(goes);
        if going.is_empty() {
            return Ok(false);
        }
        let people = principal::Entity::find()
            .filter(principal::Column::Id.is_in(staying.iter().map(|row| row.principal_id)))
            .filter(principal::Column::Enabled.eq(true))
            .filter(principal::Column::Kind.eq(PrincipalKind::User.to_string()));
        Ok(people.one(tx).await?.is_none())
    }
}
