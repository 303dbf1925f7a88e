use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::{Shared, SharedImage, unique_name};
use crate::api::COMPUTE;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};

/// List the image definitions of a gallery that another organisation shares.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/locations/{location}/sharedGalleries/{sharedGallery}/images",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Shared<SharedImage>>))
)]
pub(crate) async fn image_list_shared(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((_, location, gallery)): Path<(String, String, String)>,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Shared<SharedImage>>>> {
    let gallery = super::find(&services, &ctx, &location, &gallery).await?;
    let name = unique_name(&gallery);
    let page = services
        .image_list(&ctx, gallery.meta.id, &query.page()?)
        .await?;
    Ok(answer(
        page.map(|image| Shared::image(&name, image)),
        &links,
    ))
}
