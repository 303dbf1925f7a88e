use axum::Json;

use super::wire::ResourceGroup;
use crate::api::GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a resource group.
#[utoipa::path(get, path = GROUP, tag = super::TAG, responses((status = 200, body = ResourceGroup)))]
pub(crate) async fn resource_group_get(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<ResourceGroup>> {
    Ok(Json(services.resource_group_get(&ctx, &id).await?.into()))
}
