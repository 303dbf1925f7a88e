use axum::Json;

use super::wire::DeploymentOperation;
use crate::api::RESOURCES_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult};

/// List what became of each resource of a deployment, in the order of the work.
#[utoipa::path(
    get,
    context_path = RESOURCES_IN_GROUP,
    path = "/deployments/{deployment}/operations",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<DeploymentOperation>))
)]
pub(crate) async fn deployment_operation_list(
    Asked { ctx, services, id }: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<DeploymentOperation>>> {
    let operations = services.deployment_operation_list(&ctx, &id).await?;
    query.cut(
        operations.into_iter().map(DeploymentOperation::from),
        &links,
    )
}
