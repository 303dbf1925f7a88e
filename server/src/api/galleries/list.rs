use axum::Json;

use super::wire::Gallery;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};
use crate::api::{COMPUTE, COMPUTE_IN_GROUP};

/// List the galleries of a subscription that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/galleries",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Gallery>))
)]
pub(crate) async fn gallery_list(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Gallery>>> {
    list(asked, &query, &links).await
}

/// List the galleries of a resource group that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Gallery>))
)]
pub(crate) async fn gallery_list_in_group(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Gallery>>> {
    list(asked, &query, &links).await
}

async fn list(
    asked: Asked,
    query: &ListQuery,
    links: &Links,
) -> ApiResult<Json<ListResult<Gallery>>> {
    let (services, scope) = (asked.services, Some(&asked.id));
    let page = services
        .gallery_list(&asked.ctx, scope, &query.page()?)
        .await?;
    Ok(answer(page, links))
}
