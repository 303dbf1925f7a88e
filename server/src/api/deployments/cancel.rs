use http::StatusCode;

use crate::api::RESOURCES_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Ask a deployment to stop.
///
/// What is written stays. `Conflict` when it is over.
#[utoipa::path(
    post,
    context_path = RESOURCES_IN_GROUP,
    path = "/deployments/{deployment}/cancel",
    tag = super::TAG,
    responses((status = 204))
)]
pub(crate) async fn deployment_cancel(Asked { ctx, services, id }: Asked) -> ApiResult<StatusCode> {
    services.deployment_cancel(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
