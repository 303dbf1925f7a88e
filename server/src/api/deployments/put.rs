use axum::Json;
use axum::response::Response;
use http::StatusCode;

use super::lenient::Pasted;
use super::wire::{Deployment, DeploymentBody};
use crate::api::RESOURCES_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::links::Links;

/// Deploy a template to a resource group.
///
/// The mode is `Incremental`: what the template does not name is left as it is. The template and its parameters are judged
/// at once (`InvalidTemplate`); then each resource is written behind what it depends on, as its own PUT would write it, with
/// the caller's rights. The job is at `Azure-AsyncOperation`; the first resource that is refused ends it, and is named.
#[utoipa::path(
    put,
    context_path = RESOURCES_IN_GROUP,
    path = "/deployments/{deployment}",
    tag = super::TAG,
    request_body = DeploymentBody,
    responses((status = 200, body = Deployment), (status = 201, body = Deployment))
)]
pub(crate) async fn deployment_put(
    Asked { ctx, services, id }: Asked,
    links: Links,
    Pasted(body): Pasted,
) -> ApiResult<Response> {
    let put = services.deployment_put(&ctx, &id, body.read()?).await?;
    let status = if put.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let started = put.value;
    let location = started.value.meta.location.clone();
    let body = Json(Deployment::from(started.value));
    links.started(status, &started.job, &location, body)
}
