use axum::Json;
use domain::compute::DiskKind;

use super::wire::Snapshot;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};
use crate::api::{COMPUTE, COMPUTE_IN_GROUP};

/// List the snapshots of a subscription that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/snapshots",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Snapshot>))
)]
pub(crate) async fn snapshot_list(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Snapshot>>> {
    list(asked, &query, &links).await
}

/// List the snapshots of a resource group that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/snapshots",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Snapshot>))
)]
pub(crate) async fn snapshot_list_in_group(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Snapshot>>> {
    list(asked, &query, &links).await
}

async fn list(
    asked: Asked,
    query: &ListQuery,
    links: &Links,
) -> ApiResult<Json<ListResult<Snapshot>>> {
    let (services, scope) = (asked.services, Some(&asked.id));
    let page = services
        .disk_list(&asked.ctx, DiskKind::Snapshot, scope, &query.page()?)
        .await?;
    Ok(answer(page, links))
}
