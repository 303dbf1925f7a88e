use http::StatusCode;

use crate::api::GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Asked, Expect};
use crate::api::resource_groups::absent;

/// Delete a network record.
///
/// `ResourceInUse` while an interface or a machine uses it.
#[utoipa::path(
    delete,
    context_path = GROUP,
    path = "/providers/Microsoft.Network/{networkKind}/{network}",
    tag = super::TAG,
    responses((status = 200), (status = 204))
)]
pub(crate) async fn network_delete(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
) -> ApiResult<StatusCode> {
    match services
        .network_delete(&ctx, &id, expect.0)
        .await
        .map_err(ApiError::from)
    {
        Ok(()) => Ok(StatusCode::OK),
        Err(refusal) => absent(&services, &ctx, &id, refusal).await,
    }
}
