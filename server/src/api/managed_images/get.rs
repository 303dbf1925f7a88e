use axum::Json;

use super::wire::ManagedImage;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a managed image.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/images/{image}",
    tag = super::TAG,
    responses((status = 200, body = ManagedImage))
)]
pub(crate) async fn managed_image_get(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<ManagedImage>> {
    Ok(Json(services.disk_get(&ctx, &id).await?.into()))
}
