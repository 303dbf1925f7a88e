use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::RoleAssignment;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, equals, unknown_filter};

const FILTERS: &str = "atScope() and principalId eq 'id'";

/// List the role assignments that hold at a scope: its own and those above it.
///
/// The scope is a resource's path; it is empty for the whole tenant. `$filter` takes `atScope()` and
/// `principalId eq 'id'`.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Authorization/roleAssignments",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<RoleAssignment>))
)]
pub(crate) async fn role_assignment_list(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path(scope): Path<String>,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<RoleAssignment>>> {
    let principal = match query.filter() {
        None => None,
        Some(filter) if filter.eq_ignore_ascii_case("atScope()") => None,
        Some(filter) => {
            Some(equals(filter, "principalId").ok_or_else(|| unknown_filter(filter, FILTERS))?)
        }
    };
    let assignments = services
        .role_assignment_list(&ctx, &scope)
        .await?
        .into_iter()
        .filter(|assignment| {
            principal
                .as_ref()
                .is_none_or(|id| id.eq_ignore_ascii_case(&assignment.principal.id.to_string()))
        });
    query.cut(assignments.map(RoleAssignment::from), &links)
}
