use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::image::VersionView;
use http::StatusCode;
use services::Updated;

use super::read::VersionBody;
use super::wire::Version;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};
use crate::api::links::Links;

/// Change what of an image version can be changed. Rule A68.
///
/// Other target regions make a job, which is at `Azure-AsyncOperation`.
#[utoipa::path(
    patch,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}/versions/{version}",
    tag = super::TAG,
    request_body = VersionBody,
    responses((status = 200, body = Version))
)]
pub(crate) async fn version_update(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    links: Links,
    Body(body): Body<VersionBody>,
) -> ApiResult<Response> {
    let updated = services
        .version_update(&ctx, &id, body.update()?, expect.0.clone())
        .await;
    answer(expect.judge(updated)?, &links)
}

/// A changed version, with the job that brings its copies in line when there is one.
pub(super) fn answer(updated: Updated<VersionView>, links: &Links) -> ApiResult<Response> {
    let location = updated.value.meta.location.clone();
    let body = Json(Version::from(updated.value));
    match updated.job {
        Some(job) => links.started(StatusCode::OK, &job, &location, body),
        None => Ok(body.into_response()),
    }
}
