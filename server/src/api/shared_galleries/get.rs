use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::{Shared, SharedGallery};
use crate::api::COMPUTE;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Show a gallery that another organisation shares.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/locations/{location}/sharedGalleries/{sharedGallery}",
    tag = super::TAG,
    responses((status = 200, body = Shared<SharedGallery>))
)]
pub(crate) async fn gallery_get_shared(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((_, location, gallery)): Path<(String, String, String)>,
) -> ApiResult<Json<Shared<SharedGallery>>> {
    let found = super::find(&services, &ctx, &location, &gallery).await?;
    Ok(Json(found.into()))
}
