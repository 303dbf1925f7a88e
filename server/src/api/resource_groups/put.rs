use axum::Json;
use http::StatusCode;

use super::wire::{ResourceGroup, ResourceGroupBody};
use crate::api::GROUP;
use crate::api::created;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body};

/// Create a resource group, or write its tags anew.
#[utoipa::path(
    put,
    path = GROUP,
    tag = super::TAG,
    request_body = ResourceGroupBody,
    responses((status = 200, body = ResourceGroup), (status = 201, body = ResourceGroup))
)]
pub(crate) async fn resource_group_put(
    Asked { ctx, services, id }: Asked,
    Body(body): Body<ResourceGroupBody>,
) -> ApiResult<(StatusCode, Json<ResourceGroup>)> {
    Ok(created(
        services.resource_group_put(&ctx, &id, body.into()).await?,
    ))
}
