use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::read::VersionBody;
use super::wire::Version;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Asked, Body, Expect};
use crate::api::links::Links;

/// Create an image version, or change what of it can be changed. Rule A68.
///
/// A new version is answered at once with 201; the job that makes it is at `Azure-AsyncOperation`. The source is one
/// of: a lab's template VM (`storageProfile.source.virtualMachineId`), another version (`storageProfile.source.id`),
/// or finished uploads (`storageProfile.osDiskImage.source.id` and `dataDiskImages[].source.id`). A version that exists
/// keeps its source and its location. A body without a source restores a version that was deleted, in a gallery that
/// keeps deleted versions.
#[utoipa::path(
    put,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}/versions/{version}",
    tag = super::TAG,
    request_body = VersionBody,
    responses((status = 200, body = Version), (status = 201, body = Version))
)]
pub(crate) async fn version_put(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    links: Links,
    Body(mut body): Body<VersionBody>,
) -> ApiResult<Response> {
    match services
        .version_get(&ctx, &id)
        .await
        .map_err(ApiError::from)
    {
        Ok(_) => {
            let updated = services
                .version_update(&ctx, &id, body.replace()?, expect.0.clone())
                .await;
            super::patch::answer(expect.judge(updated)?, &links)
        }
        Err(refusal) if refusal.is_not_found() => {
            expect.absent()?;
            if !body.has_source() {
                let tags = body.take_tags();
                let restored = services.version_restore(&ctx, &id, tags).await?;
                if let Some(version) = restored {
                    return Ok(Json(Version::from(version)).into_response());
                }
            }
            let started = services.version_create(&ctx, &id, body.create()?).await;
            let started = expect.judge(started)?;
            let location = started.value.meta.location.clone();
            links.started(
                StatusCode::CREATED,
                &started.job,
                &location,
                Json(Version::from(started.value)),
            )
        }
        Err(refusal) => Err(refusal),
    }
}
