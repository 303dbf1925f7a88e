use axum::Json;

use super::wire::{ResourceGroup, ResourceGroupBody};
use crate::api::GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body};

/// Change a resource group's tags.
#[utoipa::path(
    patch,
    path = GROUP,
    tag = super::TAG,
    request_body = ResourceGroupBody,
    responses((status = 200, body = ResourceGroup))
)]
pub(crate) async fn resource_group_update(
    Asked { ctx, services, id }: Asked,
    Body(body): Body<ResourceGroupBody>,
) -> ApiResult<Json<ResourceGroup>> {
    let group = services.resource_group_get(&ctx, &id).await?;
    let put = services
        .resource_group_put(&ctx, &id, body.over(group))
        .await?;
    Ok(Json(put.value.into()))
}
