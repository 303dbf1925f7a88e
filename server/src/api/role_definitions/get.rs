use axum::Json;
use axum::extract::{Path, State};
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((scope, id)): Path<(String, String)>,
) -> ApiResult<Json<Role>> {
    let role = services.role_get(&ctx, super::read_id(&id)?).await?;
    Ok(Json(Role::new(&scope, role)))
}
