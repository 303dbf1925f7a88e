use axum::Json;

use super::wire::Deployment;
use crate::api::RESOURCES_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};

/// List the deployments to a resource group.
#[utoipa::path(
    get,
    context_path = RESOURCES_IN_GROUP,
    path = "/deployments",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Deployment>))
)]
pub(crate) async fn deployment_list(
    Asked { ctx, services, id }: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Deployment>>> {
    let page = services.deployment_list(&ctx, &id, &query.page()?).await?;
    Ok(answer(page, &links))
}
