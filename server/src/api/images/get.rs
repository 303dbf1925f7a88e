use axum::Json;

use super::wire::Image;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show an image definition.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}",
    tag = super::TAG,
    responses((status = 200, body = Image))
)]
pub(crate) async fn image_get(Asked { ctx, services, id }: Asked) -> ApiResult<Json<Image>> {
    Ok(Json(services.image_get(&ctx, &id).await?.into()))
}
