use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::Code;
use http::StatusCode;
use services::Services;

use super::wire::Role;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::Caller;

/// Delete a role of the organisation's own.
///
/// Answers 204 when there is none. `RoleDefinitionHasAssignments` while somebody has it.
#[utoipa::path(
    delete,
    path = "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}",
    tag = super::TAG,
    responses((status = 200, body = Role), (status = 204))
)]
pub(crate) async fn role_delete(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((scope, id)): Path<(String, String)>,
) -> ApiResult<Response> {
    let known = services.role_list(&ctx).await?;
    let id = super::read_id(&id)?;
    if !known.iter().any(|role| role.id == id) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    // Command-line clients know this refusal by another code.
    let role = services.role_delete(&ctx, id).await.map_err(|error| {
        ApiError::from(error).coded(Code::ResourceInUse, "RoleDefinitionHasAssignments")
    })?;
    Ok(Json(Role::new(&scope, role)).into_response())
}
