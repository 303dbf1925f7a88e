use axum::Json;
use axum::extract::State;
use services::Services;

use super::wire::ResourceGroup;
use crate::api::GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Resource};

/// Show a resource group.
#[utoipa::path(get, path = GROUP, tag = super::TAG, responses((status = 200, body = ResourceGroup)))]
pub(crate) async fn resource_group_get(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
) -> ApiResult<Json<ResourceGroup>> {
    Ok(Json(services.resource_group_get(&ctx, &id).await?.into()))
}
