use axum::Json;
use axum::extract::State;
use services::Services;

use super::wire::Gallery;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Resource};

/// Show a gallery.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}",
    tag = super::TAG,
    responses((status = 200, body = Gallery))
)]
pub(crate) async fn gallery_get(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
) -> ApiResult<Json<Gallery>> {
    Ok(Json(services.gallery_get(&ctx, &id).await?.into()))
}
