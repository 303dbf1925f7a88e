use axum::Json;
use axum::extract::{Path, State};
use domain::Problem;
use services::Services;

use super::wire::Role;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Show a role.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}",
    tag = super::TAG,
    responses((status = 200, body = Role))
)]
pub(crate) async fn role_get(
    Caller(_): Caller,
    State(services): State<Services>,
    Path((scope, id)): Path<(String, String)>,
) -> ApiResult<Json<Role>> {
    let role = services
        .role_list()
        .iter()
        .find(|role| id.eq_ignore_ascii_case(&role.id.to_string()));
    let role = role.ok_or_else(|| Problem::not_found("The role definition"))?;
    Ok(Json(Role::new(&scope, role)))
}
