use axum::Json;
use axum::extract::State;
use http::StatusCode;
use services::Services;

use super::wire::{ResourceGroup, ResourceGroupBody};
use crate::api::GROUP;
use crate::api::created;
use crate::api::error::ApiResult;
use crate::api::extract::{Body, Caller, Resource};

/// Create a resource group, or write its tags anew.
#[utoipa::path(
    put,
    path = GROUP,
    tag = super::TAG,
    request_body = ResourceGroupBody,
    responses((status = 200, body = ResourceGroup), (status = 201, body = ResourceGroup))
)]
pub(crate) async fn resource_group_put(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
    Body(body): Body<ResourceGroupBody>,
) -> ApiResult<(StatusCode, Json<ResourceGroup>)> {
    Ok(created(
        services.resource_group_put(&ctx, &id, body.into()).await?,
    ))
}
