use axum::Json;
use http::StatusCode;

use super::wire::{Network, NetworkBody};
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};
use crate::api::{GROUP, created};

/// Create a network record, or replace it.
#[utoipa::path(
    put,
    context_path = GROUP,
    path = "/providers/Microsoft.Network/{networkKind}/{network}",
    tag = super::TAG,
    request_body = NetworkBody,
    responses((status = 200, body = Network), (status = 201, body = Network))
)]
pub(crate) async fn network_put(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<NetworkBody>,
) -> ApiResult<(StatusCode, Json<Network>)> {
    let put = services
        .network_put(&ctx, &id, body.into(), expect.0.clone())
        .await;
    Ok(created(expect.judge(put)?))
}
