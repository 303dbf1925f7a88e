use axum::extract::{Path, State};
use http::StatusCode;
use services::Services;

use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::Caller;

/// Take a lock away.
///
/// Answers 204 when there is none.
#[utoipa::path(
    delete,
    path = "/{scope}/providers/Microsoft.Authorization/locks/{lock}",
    tag = super::TAG,
    responses((status = 200), (status = 204))
)]
pub(crate) async fn lock_delete(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((scope, name)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    match services
        .lock_delete(&ctx, &scope, &name)
        .await
        .map_err(ApiError::from)
    {
        Ok(()) => Ok(StatusCode::OK),
        // A scope that the caller may not know of stays unknown.
        Err(refusal) if refusal.is_not_found() => {
            services.lock_list(&ctx, &scope, false).await?;
            Ok(StatusCode::NO_CONTENT)
        }
        Err(refusal) => Err(refusal),
    }
}
