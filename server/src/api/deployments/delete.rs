use http::StatusCode;

use crate::api::RESOURCES_IN_GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::Asked;
use crate::api::resource_groups::absent;

/// Forget a deployment that is over; what it wrote stays.
///
/// `DeploymentActive` while it goes on.
#[utoipa::path(
    delete,
    context_path = RESOURCES_IN_GROUP,
    path = "/deployments/{deployment}",
    tag = super::TAG,
    responses((status = 204))
)]
pub(crate) async fn deployment_delete(Asked { ctx, services, id }: Asked) -> ApiResult<StatusCode> {
    match services
        .deployment_delete(&ctx, &id)
        .await
        .map_err(ApiError::from)
    {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(refusal) => absent(&services, &ctx, &id, refusal).await,
    }
}
