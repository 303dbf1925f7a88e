use axum::Json;
use domain::compute::DiskKind;

use super::wire::ManagedImage;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};
use crate::api::{COMPUTE, COMPUTE_IN_GROUP};

/// List the managed images of a subscription that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/images",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<ManagedImage>))
)]
pub(crate) async fn managed_image_list(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<ManagedImage>>> {
    list(asked, &query, &links).await
}

/// List the managed images of a resource group that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/images",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<ManagedImage>))
)]
pub(crate) async fn managed_image_list_in_group(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<ManagedImage>>> {
    list(asked, &query, &links).await
}

async fn list(
    asked: Asked,
    query: &ListQuery,
    links: &Links,
) -> ApiResult<Json<ListResult<ManagedImage>>> {
    let (services, scope) = (asked.services, Some(&asked.id));
    let page = services
        .disk_list(&asked.ctx, DiskKind::Image, scope, &query.page()?)
        .await?;
    Ok(answer(page, links))
}
