use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::RoleAssignment;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Show a role assignment.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Authorization/roleAssignments/{assignment}",
    tag = super::TAG,
    responses((status = 200, body = RoleAssignment))
)]
pub(crate) async fn role_assignment_get(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((scope, name)): Path<(String, String)>,
) -> ApiResult<Json<RoleAssignment>> {
    Ok(Json(
        super::find(&services, &ctx, &scope, &name).await?.into(),
    ))
}
