use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::{Shared, SharedGallery};
use crate::api::COMPUTE;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;
use crate::api::list::{ListResult, whole};

/// List the galleries in a region that other organisations share with the caller.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/locations/{location}/sharedGalleries",
    tag = super::TAG,
    responses((status = 200, body = ListResult<Shared<SharedGallery>>))
)]
pub(crate) async fn gallery_list_shared(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((_, location)): Path<(String, String)>,
) -> ApiResult<Json<ListResult<Shared<SharedGallery>>>> {
    Ok(whole(services.gallery_list_shared(&ctx, &location).await?))
}
