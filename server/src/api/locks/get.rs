use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::Lock;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Show a lock.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Authorization/locks/{lock}",
    tag = super::TAG,
    responses((status = 200, body = Lock))
)]
pub(crate) async fn lock_get(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((scope, name)): Path<(String, String)>,
) -> ApiResult<Json<Lock>> {
    Ok(Json(services.lock_get(&ctx, &scope, &name).await?.into()))
}
