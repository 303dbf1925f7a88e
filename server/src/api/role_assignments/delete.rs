use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use services::Services;

use super::wire::RoleAssignment;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::Caller;

/// Take a role assignment away.
///
/// Answers 204 when there is none. `Conflict` for the last owner of the tenant.
#[utoipa::path(
    delete,
    path = "/{scope}/providers/Microsoft.Authorization/roleAssignments/{assignment}",
    tag = super::TAG,
    responses((status = 200, body = RoleAssignment), (status = 204))
)]
pub(crate) async fn role_assignment_delete(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((scope, name)): Path<(String, String)>,
) -> ApiResult<Response> {
    let assignments = services
        .role_assignment_list(&ctx, &scope)
        .await
        .map_err(ApiError::from)?;
    let found = assignments
        .into_iter()
        .find(|assignment| name.eq_ignore_ascii_case(&assignment.id.to_string()));
    let Some(found) = found else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    services.role_assignment_delete(&ctx, found.id).await?;
    Ok(Json(RoleAssignment::from(found)).into_response())
}
