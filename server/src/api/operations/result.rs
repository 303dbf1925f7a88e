use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::job::JobState;
use domain::{Code, Problem};
use http::{StatusCode, header};
use services::Services;

use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Wait for the end of long work: what `Location` points to.
///
/// Answers 202 while the work goes on, 204 when it is done, and what went wrong when it failed.
#[utoipa::path(
    get,
    context_path = SUBSCRIPTION,
    path = "/providers/{namespace}/locations/{location}/operationResults/{operation}",
    tag = super::TAG,
    responses((status = 202), (status = 204))
)]
pub(crate) async fn job_result(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((subscription, namespace, _, id)): Path<(String, String, String, String)>,
) -> ApiResult<Response> {
    let job = super::find(&services, &ctx, &subscription, &namespace, &id).await?;
    let failed = |message| Problem::new(Code::Conflict, message);
    match job.state {
        JobState::Succeeded => Ok(StatusCode::NO_CONTENT.into_response()),
        JobState::Failed => Err(job
            .problem
            .unwrap_or_else(|| failed("The operation failed."))
            .into()),
        JobState::Canceled => {
            Err(Problem::new(Code::OperationCanceled, "The operation was canceled.").into())
        }
        JobState::Pending | JobState::Running | JobState::Undoing => {
            Ok((StatusCode::ACCEPTED, [(header::RETRY_AFTER, "1")]).into_response())
        }
    }
}
