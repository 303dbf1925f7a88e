use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use services::Services;

use super::wire::{Lock, LockBody};
use crate::api::created;
use crate::api::error::ApiResult;
use crate::api::extract::{Body, Caller};

/// Lock a scope, or change the lock of this name there.
///
/// `CanNotDelete` keeps all in the scope from being deleted, `ReadOnly` from being changed as well, whoever asks.
#[utoipa::path(
    put,
    path = "/{scope}/providers/Microsoft.Authorization/locks/{lock}",
    tag = super::TAG,
    request_body = LockBody,
    responses((status = 200, body = Lock), (status = 201, body = Lock))
)]
pub(crate) async fn lock_put(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((scope, name)): Path<(String, String)>,
    Body(body): Body<LockBody>,
) -> ApiResult<(StatusCode, Json<Lock>)> {
    let put = services.lock_put(&ctx, &scope, &name, body.read()?).await?;
    Ok(created(put))
}
