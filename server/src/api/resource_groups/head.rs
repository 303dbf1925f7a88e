use http::StatusCode;

use crate::api::GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::Asked;

/// Ask whether a resource group is there.
///
/// Answers 204 when it is and 404 when not, both without a body.
#[utoipa::path(head, path = GROUP, tag = super::TAG, responses((status = 204), (status = 404)))]
pub(crate) async fn resource_group_check(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<StatusCode> {
    match services
        .resource_group_get(&ctx, &id)
        .await
        .map_err(ApiError::from)
    {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(refusal) if refusal.is_not_found() => Ok(StatusCode::NOT_FOUND),
        Err(refusal) => Err(refusal),
    }
}
