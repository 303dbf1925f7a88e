use axum::Json;

use super::wire::LabPlan;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};
use crate::api::{LABS, LABS_IN_GROUP};

/// List the lab plans of a subscription that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = LABS,
    path = "/labPlans",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<LabPlan>))
)]
pub(crate) async fn plan_list(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<LabPlan>>> {
    list(asked, &query, &links).await
}

/// List the lab plans of a resource group that the caller sees.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labPlans",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<LabPlan>))
)]
pub(crate) async fn plan_list_in_group(
    asked: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<LabPlan>>> {
    list(asked, &query, &links).await
}

async fn list(
    asked: Asked,
    query: &ListQuery,
    links: &Links,
) -> ApiResult<Json<ListResult<LabPlan>>> {
    let (services, scope) = (asked.services, Some(&asked.id));
    let page = services
        .plan_list(&asked.ctx, scope, &query.page()?)
        .await?;
    Ok(answer(page, links))
}
