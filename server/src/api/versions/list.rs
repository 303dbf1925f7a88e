use axum::Json;

use super::wire::Version;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};

/// List the versions of an image definition.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}/versions",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Version>))
)]
pub(crate) async fn version_list(
    Asked {
        ctx,
        services,
        id: image,
    }: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Version>>> {
    Ok(answer(
        services.version_list(&ctx, &image, &query.page()?).await?,
        &links,
    ))
}
