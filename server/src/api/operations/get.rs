use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{Uri, header};
use services::Services;

use super::wire::Operation;
use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Show how far long work is: what `Azure-AsyncOperation` points to.
///
/// Ask again after `Retry-After` seconds while the status is `NotStarted` or `InProgress`.
#[utoipa::path(
    get,
    context_path = SUBSCRIPTION,
    path = "/providers/{namespace}/locations/{location}/operations/{operation}",
    tag = super::TAG,
    responses((status = 200, body = Operation))
)]
pub(crate) async fn job_get(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((subscription, namespace, _, id)): Path<(String, String, String, String)>,
    uri: Uri,
) -> ApiResult<Response> {
    let job = super::find(&services, &ctx, &subscription, &namespace, &id).await?;
    let is_over = job.state.is_over();
    let body = Json(Operation::new(uri.path(), job));
    Ok(if is_over {
        body.into_response()
    } else {
        ([(header::RETRY_AFTER, "1")], body).into_response()
    })
}
