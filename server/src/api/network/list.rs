use axum::Json;
use axum::extract::Path;

use super::wire::Network;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};
use crate::api::{GROUP, SUBSCRIPTION};

/// List the network records of a kind in a subscription.
///
/// Kinds are `virtualNetworks`, `networkSecurityGroups`, `publicIPAddresses` and `networkInterfaces`.
#[utoipa::path(
    get,
    context_path = SUBSCRIPTION,
    path = "/providers/Microsoft.Network/{networkKind}",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Network>))
)]
pub(crate) async fn network_list(
    asked: Asked,
    Path((_, kind)): Path<(String, String)>,
    query: Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Network>>> {
    list(asked, &kind, query, &links).await
}

/// List the network records of a kind in a resource group.
///
/// Kinds are `virtualNetworks`, `networkSecurityGroups`, `publicIPAddresses` and `networkInterfaces`.
#[utoipa::path(
    get,
    context_path = GROUP,
    path = "/providers/Microsoft.Network/{networkKind}",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Network>))
)]
pub(crate) async fn network_list_in_group(
    asked: Asked,
    Path((_, _, kind)): Path<(String, String, String)>,
    query: Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Network>>> {
    list(asked, &kind, query, &links).await
}

async fn list(
    Asked { ctx, services, id }: Asked,
    kind: &str,
    Params(query): Params<ListQuery>,
    links: &Links,
) -> ApiResult<Json<ListResult<Network>>> {
    let kind = super::kind(kind)?;
    let page = services
        .network_list(&ctx, kind, &id, &query.page()?)
        .await?;
    Ok(answer(page, links))
}
