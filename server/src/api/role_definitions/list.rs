use axum::Json;
use axum::extract::{Path, State};
use domain::rbac::RoleView;
use services::Services;

use super::wire::{BUILT_IN, CUSTOM, Role};
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params};
use crate::api::list::{ListQuery, ListResult, equals, unknown_filter, whole};

const FILTERS: &str =
    "roleName eq 'name', type eq 'BuiltInRole', type eq 'CustomRole' and atScope()";

/// List the roles that can be assigned at a scope.
///
/// `$filter` takes `roleName eq 'name'`, `type eq 'BuiltInRole'`, `type eq 'CustomRole'` and `atScope()`.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Authorization/roleDefinitions",
    tag = super::TAG,
    params(("$filter" = Option<String>, Query, description = "A role's name or kind.")),
    responses((status = 200, body = ListResult<Role>))
)]
pub(crate) async fn role_list(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path(scope): Path<String>,
    Params(query): Params<ListQuery>,
) -> ApiResult<Json<ListResult<Role>>> {
    let wanted = match query.filter() {
        None => Wanted::All,
        Some(filter) => Wanted::read(filter).ok_or_else(|| unknown_filter(filter, FILTERS))?,
    };
    let place = if scope.is_empty() { "/" } else { &scope };
    let roles = services.role_list(&ctx).await?.into_iter();
    let roles = roles.filter(|role| wanted.takes(role) && role.is_assignable_at(place));
    Ok(whole(roles.map(|role| Role::new(&scope, role))))
}

/// Which roles a filter asks for.
enum Wanted {
    All,
    Named(String),
    Custom(bool),
}

impl Wanted {
    fn read(filter: &str) -> Option<Self> {
        if filter.eq_ignore_ascii_case("atScope()") {
            return Some(Self::All);
        }
        if let Some(name) = equals(filter, "roleName") {
            return Some(Self::Named(name));
        }
        let kind = equals(filter, "type")?;
        let is = |word: &str| kind.eq_ignore_ascii_case(word);
        (is(BUILT_IN) || is(CUSTOM)).then(|| Self::Custom(is(CUSTOM)))
    }

    fn takes(&self, role: &RoleView) -> bool {
        match self {
            Self::All => true,
            Self::Named(name) => role.name.to_lowercase() == name.to_lowercase(),
            Self::Custom(custom) => role.is_custom() == *custom,
        }
    }
}
