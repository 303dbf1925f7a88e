use axum::Json;

use super::lenient::Pasted;
use super::wire::{DeploymentBody, WhatIf};
use crate::api::RESOURCES_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show what a deployment would create and change; nothing is written.
#[utoipa::path(
    post,
    context_path = RESOURCES_IN_GROUP,
    path = "/deployments/{deployment}/whatIf",
    tag = super::TAG,
    request_body = DeploymentBody,
    responses((status = 200, body = WhatIf))
)]
pub(crate) async fn deployment_what_if(
    Asked { ctx, services, id }: Asked,
    Pasted(body): Pasted,
) -> ApiResult<Json<WhatIf>> {
    let input = body.read()?;
    let forecast = services.deployment_what_if(&ctx, &id, &input).await?;
    Ok(Json(forecast.into()))
}
