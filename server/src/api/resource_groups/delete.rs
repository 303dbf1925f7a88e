use http::StatusCode;

use crate::api::GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Delete an empty resource group.
///
/// `ResourceInUse` while something lies in it.
#[utoipa::path(delete, path = GROUP, tag = super::TAG, responses((status = 200)))]
pub(crate) async fn resource_group_delete(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<StatusCode> {
    services.resource_group_delete(&ctx, &id).await?;
    Ok(StatusCode::OK)
}
