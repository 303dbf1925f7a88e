use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use services::Services;

use super::wire::{Role, RoleBody};
use crate::api::error::ApiResult;
use crate::api::extract::{Body, Caller};

/// Define a role of the organisation's own, or change one.
///
/// The caller invents the role's name, a UUID. Whoever defines a role holds everything that it allows.
#[utoipa::path(
    put,
    path = "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}",
    tag = super::TAG,
    request_body = RoleBody,
    responses((status = 200, body = Role), (status = 201, body = Role))
)]
pub(crate) async fn role_put(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((scope, id)): Path<(String, String)>,
    Body(body): Body<RoleBody>,
) -> ApiResult<(StatusCode, Json<Role>)> {
    let put = services
        .role_put(&ctx, super::read_id(&id)?, body.read(&scope)?)
        .await?;
    let status = if put.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(Role::new(&scope, put.value))))
}
