//! Groups as administrators see them: who is in them.

use domain::OpContext;
use domain::rbac::Action;
use domain::tenant::{PrincipalKind, PrincipalView};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use store::entity::{group_member, principal};
use uuid::Uuid;

use super::principal::{principal_of, view};
use crate::{Result, Services};

/// As many groups, and members of one, are listed.
const LISTED: u64 = 500;

impl Services {
    /// A person, group or program.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn principal_get(&self, ctx: &OpContext, id: Uuid) -> Result<PrincipalView> {
        ctx.authorize(Action::PrincipalRead, Action::PrincipalRead, "/")?;
        Ok(view(principal_of(self.db(), ctx.tenant(), id).await?))
    }

    /// The tenant's groups by name, at most 500.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn group_list(&self, ctx: &OpContext) -> Result<Vec<PrincipalView>> {
        ctx.authorize(Action::PrincipalRead, Action::PrincipalRead, "/")?;
        let rows = principal::Entity::find()
            .filter(principal::Column::TenantId.eq(ctx.tenant()))
            .filter(principal::Column::Kind.eq(PrincipalKind::Group.to_string()))
            .order_by_asc(principal::Column::DisplayName)
            .order_by_asc(principal::Column::Id)
            .limit(LISTED)
            .all(self.db())
            .await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// The members of a group by name, at most 500.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn group_member_list(
        &self,
        ctx: &OpContext,
        group: Uuid,
    ) -> Result<Vec<PrincipalView>> {
        ctx.authorize(Action::PrincipalRead, Action::PrincipalRead, "/")?;
        principal_of(self.db(), ctx.tenant(), group).await?;
        let members = group_member::Entity::find()
            .select_only()
            .column(group_member::Column::MemberId)
            .filter(group_member::Column::GroupId.eq(group))
            .into_query();
        let rows = principal::Entity::find()
            .filter(principal::Column::TenantId.eq(ctx.tenant()))
            .filter(principal::Column::Id.in_subquery(members))
            .order_by_asc(principal::Column::DisplayName)
            .order_by_asc(principal::Column::Id)
            .limit(LISTED)
            .all(self.db())
            .await?;
        Ok(rows.into_iter().map(view).collect())
    }
}
