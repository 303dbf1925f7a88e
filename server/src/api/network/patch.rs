use axum::Json;

use super::wire::{Network, NetworkBody};
use crate::api::GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};
use crate::api::wire::Tags;

/// Change the tags of a network record.
#[utoipa::path(
    patch,
    context_path = GROUP,
    path = "/providers/Microsoft.Network/{networkKind}/{network}",
    tag = super::TAG,
    request_body = NetworkBody,
    responses((status = 200, body = Network))
)]
pub(crate) async fn network_update(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<NetworkBody>,
) -> ApiResult<Json<Network>> {
    let tags = Tags::given(body.tags);
    let view = services.network_update(&ctx, &id, tags, expect.0).await?;
    Ok(Json(view.into()))
}
