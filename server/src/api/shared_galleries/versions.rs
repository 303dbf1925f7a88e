use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::{Shared, SharedVersion, unique_name};
use crate::api::COMPUTE;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};

/// List the versions of an image definition that another organisation shares.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/locations/{location}/sharedGalleries/{sharedGallery}/images/{image}/versions",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Shared<SharedVersion>>))
)]
pub(crate) async fn version_list_shared(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((_, location, gallery, image)): Path<(String, String, String, String)>,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Shared<SharedVersion>>>> {
    let gallery = super::find(&services, &ctx, &location, &gallery).await?;
    let name = unique_name(&gallery);
    let id = gallery.meta.resource_id.child("images", &image);
    let page = services.version_list(&ctx, id, &query.page()?).await?;
    let page = page.map(|version| Shared::version(&name, &image, version));
    Ok(answer(page, &links))
}
