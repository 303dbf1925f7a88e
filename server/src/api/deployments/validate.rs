use axum::Json;

use super::lenient::Pasted;
use super::wire::{DeploymentBody, Validation};
use crate::api::RESOURCES_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Judge a deployment before it is asked for.
///
/// The template, its parameters, the order of its resources, and whether the caller may write each.
#[utoipa::path(
    post,
    context_path = RESOURCES_IN_GROUP,
    path = "/deployments/{deployment}/validate",
    tag = super::TAG,
    request_body = DeploymentBody,
    responses((status = 200, body = Validation))
)]
pub(crate) async fn deployment_validate(
    Asked { ctx, services, id }: Asked,
    Pasted(body): Pasted,
) -> ApiResult<Json<Validation>> {
    let input = body.read()?;
    let forecast = services.deployment_validate(&ctx, &id, &input).await?;
    Ok(Json(Validation::new(&ctx, &id, forecast)))
}
