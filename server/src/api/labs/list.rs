use axum::Json;

use super::wire::Lab;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};
use crate::api::{LABS, LABS_IN_GROUP};

/// List the labs of a subscription that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = LABS,
    path = "/labs",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Lab>))
)]
pub(crate) async fn lab_list(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Lab>>> {
    list(asked, &query, &links).await
}

/// List the labs of a resource group that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labs",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Lab>))
)]
pub(crate) async fn lab_list_in_group(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Lab>>> {
    list(asked, &query, &links).await
}

async fn list(asked: Asked, query: &ListQuery, links: &Links) -> ApiResult<Json<ListResult<Lab>>> {
    let (services, scope) = (asked.services, Some(&asked.id));
    let page = services.lab_list(&asked.ctx, scope, &query.page()?).await?;
    Ok(answer(page, links))
}
