use axum::Json;

use super::wire::Deployment;
use crate::api::RESOURCES_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a deployment, with what it answers once it succeeded.
#[utoipa::path(
    get,
    context_path = RESOURCES_IN_GROUP,
    path = "/deployments/{deployment}",
    tag = super::TAG,
    responses((status = 200, body = Deployment))
)]
pub(crate) async fn deployment_get(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<Deployment>> {
    Ok(Json(services.deployment_get(&ctx, &id).await?.into()))
}
