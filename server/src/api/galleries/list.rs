use axum::Json;
use axum::extract::State;
use domain::{OpContext, ResourceId};
use services::Services;

use super::wire::Gallery;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params, Resource};
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(scope): Resource,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Gallery>>> {
    list(&services, &ctx, &scope, &query, &links).await
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(scope): Resource,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Gallery>>> {
    list(&services, &ctx, &scope, &query, &links).await
}

async fn list(
    services: &Services,
    ctx: &OpContext,
    scope: &ResourceId,
    query: &ListQuery,
    links: &Links,
) -> ApiResult<Json<ListResult<Gallery>>> {
    Ok(answer(
        services
            .gallery_list(ctx, Some(scope), &query.page()?)
            .await?,
        links,
    ))
}
