use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::wire::{Lab, LabBody};
use crate::api::LABS_IN_GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Asked, Body, Expect};
use crate::api::links::Links;

/// Create a lab with its template VM, or change its title, description and tags.
///
/// A new lab is answered at once with 201; the job that makes its template VM is at `Azure-AsyncOperation`.
#[utoipa::path(
    put,
    context_path = LABS_IN_GROUP,
    path = "/labs/{lab}",
    tag = super::TAG,
    request_body = LabBody,
    responses((status = 200, body = Lab), (status = 201, body = Lab))
)]
pub(crate) async fn lab_put(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    links: Links,
    Body(body): Body<LabBody>,
) -> ApiResult<Response> {
    match services.lab_get(&ctx, &id).await.map_err(ApiError::from) {
        Ok(_) => {
            let updated = services
                .lab_update(&ctx, &id, body.update(), expect.0.clone())
                .await;
            Ok(Json(Lab::from(expect.judge(updated)?)).into_response())
        }
        Err(refusal) if refusal.is_not_found() => {
            expect.absent()?;
            let started = services.lab_put(&ctx, &id, body.create()?).await;
            let started = expect.judge(started)?;
            let location = started.value.meta.location.clone();
            links.started(
                StatusCode::CREATED,
                &started.job,
                &location,
                Json(Lab::from(started.value)),
            )
        }
        Err(refusal) => Err(refusal),
    }
}
