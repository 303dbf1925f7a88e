use axum::Json;

use super::wire::ExportedTemplate;
use crate::api::RESOURCES_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show the template that a deployment was asked for with.
#[utoipa::path(
    post,
    context_path = RESOURCES_IN_GROUP,
    path = "/deployments/{deployment}/exportTemplate",
    tag = super::TAG,
    responses((status = 200, body = ExportedTemplate))
)]
pub(crate) async fn deployment_export_template(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<ExportedTemplate>> {
    let template = services.deployment_export_template(&ctx, &id).await?;
    Ok(Json(ExportedTemplate { template }))
}
