use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::Role;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params};
use crate::api::list::{ListQuery, ListResult, equals, unknown_filter, whole};

const FILTERS: &str = "roleName eq 'name', type eq 'BuiltInRole' and atScope()";

/// List the roles that can be assigned.
///
/// `$filter` takes `roleName eq 'name'`, `type eq 'BuiltInRole'` and `atScope()`.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Authorization/roleDefinitions",
    tag = super::TAG,
    params(("$filter" = Option<String>, Query, description = "A role's name.")),
    responses((status = 200, body = ListResult<Role>))
)]
pub(crate) async fn role_list(
    Caller(_): Caller,
    State(services): State<Services>,
    Path(scope): Path<String>,
    Params(query): Params<ListQuery>,
) -> ApiResult<Json<ListResult<Role>>> {
    let name = match query.filter() {
        None => None,
        Some(filter) if filter.eq_ignore_ascii_case("atScope()") => None,
        Some(filter)
            if equals(filter, "type")
                .is_some_and(|kind| kind.eq_ignore_ascii_case("BuiltInRole")) =>
        {
            None
        }
        Some(filter) => {
            Some(equals(filter, "roleName").ok_or_else(|| unknown_filter(filter, FILTERS))?)
        }
    };
    let roles = services.role_list().iter();
    let roles = roles.filter(|role| {
        name.as_ref()
            .is_none_or(|name| role.name.eq_ignore_ascii_case(name))
    });
    Ok(whole(roles.map(|role| Role::new(&scope, role))))
}
