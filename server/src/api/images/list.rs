use axum::Json;

use super::wire::Image;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};

/// List the image definitions of a gallery.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Image>))
)]
pub(crate) async fn image_list(
    Asked {
        ctx,
        services,
        id: gallery,
    }: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Image>>> {
    Ok(answer(
        services.image_list(&ctx, &gallery, &query.page()?).await?,
        &links,
    ))
}
