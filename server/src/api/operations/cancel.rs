use axum::Json;
use axum::extract::{Path, State};
use http::Uri;
use services::Services;

use super::wire::Operation;
use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Ask long work to stop; what it did is undone.
///
/// `Conflict` when it can't be canceled any more.
#[utoipa::path(
    post,
    context_path = SUBSCRIPTION,
    path = "/providers/{namespace}/locations/{location}/operations/{operation}/cancel",
    tag = super::TAG,
    responses((status = 200, body = Operation))
)]
pub(crate) async fn job_cancel(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((subscription, namespace, _, id)): Path<(String, String, String, String)>,
    uri: Uri,
) -> ApiResult<Json<Operation>> {
    let job = super::find(&services, &ctx, &subscription, &namespace, &id).await?;
    let job = services.job_cancel(&ctx, job.id).await?;
    let path = uri.path();
    Ok(Json(Operation::new(
        path.strip_suffix("/cancel").unwrap_or(path),
        job,
    )))
}
