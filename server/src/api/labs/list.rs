use axum::Json;
use axum::extract::State;
use domain::{OpContext, ResourceId};
use services::Services;

use super::wire::Lab;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params, Resource};
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(scope): Resource,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Lab>>> {
    list(&services, &ctx, &scope, &query, &links).await
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(scope): Resource,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Lab>>> {
    list(&services, &ctx, &scope, &query, &links).await
}

async fn list(
    services: &Services,
    ctx: &OpContext,
    scope: &ResourceId,
    query: &ListQuery,
    links: &Links,
) -> ApiResult<Json<ListResult<Lab>>> {
    Ok(answer(
        services.lab_list(ctx, Some(scope), &query.page()?).await?,
        links,
    ))
}
