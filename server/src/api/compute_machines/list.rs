use axum::Json;

use super::wire::Machine;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};
use crate::api::{COMPUTE, COMPUTE_IN_GROUP};

/// List the virtual machines of a subscription that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/virtualMachines",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Machine>))
)]
pub(crate) async fn virtual_machine_list(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Machine>>> {
    list(asked, &query, &links).await
}

/// List the virtual machines of a resource group that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/virtualMachines",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Machine>))
)]
pub(crate) async fn virtual_machine_list_in_group(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Machine>>> {
    list(asked, &query, &links).await
}

async fn list(
    asked: Asked,
    query: &ListQuery,
    links: &Links,
) -> ApiResult<Json<ListResult<Machine>>> {
    let (services, scope) = (asked.services, Some(&asked.id));
    let page = services
        .virtual_machine_list(&asked.ctx, scope, &query.page()?)
        .await?;
    Ok(answer(page, links))
}
