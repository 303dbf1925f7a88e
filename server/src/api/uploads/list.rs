use axum::Json;

use super::wire::Upload;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};

/// List the uploads of a gallery, the newest first.
///
/// An upload is listed until a version was made of it or it expired. `$filter` takes `contains(name,'text')`, which
/// looks into the files' names.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/uploads",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Upload>))
)]
pub(crate) async fn upload_list(
    Asked {
        ctx,
        services,
        id: gallery,
    }: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Upload>>> {
    Ok(answer(
        services.upload_list(&ctx, &gallery, &query.page()?).await?,
        &links,
    ))
}
