//! Looking up people, groups and programs, as command-line clients do before they give roles.

use domain::tenant::{PrincipalKind, PrincipalView};
use domain::{OpContext, Problem};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use store::entity::principal;
use uuid::Uuid;

use crate::identity::principal::{principal_of, view};
use crate::role::may_list_people;
use crate::search::starts_with;
use crate::{Result, Services};

/// Most principals in one answer.
const MOST: u64 = 999;

/// Which principals are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DirectoryQuery {
    /// Of this kind alone.
    pub kind: Option<PrincipalKind>,
    /// With exactly this user name; of programs that is the application's id. Case makes no difference.
    pub user_name: Option<String>,
    /// With exactly this display name.
    pub display_name: Option<String>,
    /// With a display name that begins so.
    pub display_name_start: Option<String>,
    /// With one of these object ids.
    pub ids: Option<Vec<Uuid>>,
}

impl Services {
    /// The principals of the caller's tenant that fit, by name.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn directory_find(
        &self,
        ctx: &OpContext,
        wanted: DirectoryQuery,
    ) -> Result<Vec<PrincipalView>> {
        may_list_people(ctx)?;
        let mut query =
            principal::Entity::find().filter(principal::Column::TenantId.eq(ctx.tenant()));
        if let Some(kind) = wanted.kind {
            query = query.filter(principal::Column::Kind.eq(kind.to_string()));
        }
        if let Some(name) = wanted.user_name {
            query = query.filter(principal::Column::UserNameKey.eq(name.trim().to_lowercase()));
        }
        if let Some(name) = wanted.display_name {
            query = query.filter(principal::Column::DisplayName.eq(name));
        }
        if let Some(start) = wanted.display_name_start {
            query = query.filter(starts_with(principal::Column::DisplayName, &start));
        }
        if let Some(ids) = wanted.ids {
            query = query.filter(principal::Column::Id.is_in(ids));
        }
        let rows = query
            .order_by_asc(principal::Column::DisplayName)
            .order_by_asc(principal::Column::Id)
            .limit(MOST)
            .all(self.db())
            .await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// One principal of the caller's tenant; everybody may look at themselves.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn directory_get(&self, ctx: &OpContext, id: Uuid) -> Result<PrincipalView> {
        if id != ctx.caller.principal {
            may_list_people(ctx)?;
        }
        let row = principal_of(self.db(), ctx.tenant(), id).await;
        row.map(view).map_err(|error| match error {
            crate::Error::Problem(_) => Problem::not_found(format!("The object {id}")).into(),
            internal => internal,
        })
    }
}
