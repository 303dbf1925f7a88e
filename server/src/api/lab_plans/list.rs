use axum::Json;
use axum::extract::State;
use domain::{OpContext, ResourceId};
use services::Services;

use super::wire::LabPlan;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params, Resource};
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(scope): Resource,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<LabPlan>>> {
    list(&services, &ctx, &scope, &query, &links).await
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(scope): Resource,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<LabPlan>>> {
    list(&services, &ctx, &scope, &query, &links).await
}

async fn list(
    services: &Services,
    ctx: &OpContext,
    scope: &ResourceId,
    query: &ListQuery,
    links: &Links,
) -> ApiResult<Json<ListResult<LabPlan>>> {
    Ok(answer(
        services.plan_list(ctx, Some(scope), &query.page()?).await?,
        links,
    ))
}
