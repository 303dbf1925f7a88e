use axum::Json;

use super::wire::Gallery;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a gallery.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}",
    tag = super::TAG,
    responses((status = 200, body = Gallery))
)]
pub(crate) async fn gallery_get(Asked { ctx, services, id }: Asked) -> ApiResult<Json<Gallery>> {
    Ok(Json(services.gallery_get(&ctx, &id).await?.into()))
}
