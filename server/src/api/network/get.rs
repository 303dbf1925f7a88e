use axum::Json;

use super::wire::Network;
use crate::api::GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a network record.
///
/// An interface that a machine has tells the machine's hardware address and its address in the engine's network. A public
/// address has none: nothing outside reaches a machine.
#[utoipa::path(
    get,
    context_path = GROUP,
    path = "/providers/Microsoft.Network/{networkKind}/{network}",
    tag = super::TAG,
    responses((status = 200, body = Network))
)]
pub(crate) async fn network_get(Asked { ctx, services, id }: Asked) -> ApiResult<Json<Network>> {
    Ok(Json(services.network_get(&ctx, &id).await?.into()))
}
