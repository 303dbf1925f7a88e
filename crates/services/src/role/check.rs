//! Who may be given a role, and what somebody may do and why.

use domain::rbac::Action;
use domain::tenant::{PrincipalView, RoleAssignmentView};
use domain::{Code, OpContext, Page, PageRequest, Problem};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use store::Cursor;
use store::entity::{principal, role_assignment};
use uuid::Uuid;

use super::scope::{ancestry, normalize, revealed_by};
use crate::identity::principal::{principal_of, view as principal_view};
use crate::{Result, Services};

impl Services {
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
        self.role_views(ctx, rows, &scope).await
    }
}

/// Who gives roles anywhere has to find the people to give them to.
pub(crate) fn may_list_people(ctx: &OpContext) -> std::result::Result<(), Problem> {
    if ctx.may(Action::PrincipalRead, "/") || !ctx.scopes(Action::RoleAssignmentWrite).is_empty() {
        return Ok(());
    }
    let message = "Only those who see the organisation's people, or give roles, may list them.";
    Err(Problem::new(Code::AuthorizationFailed, message))
}
