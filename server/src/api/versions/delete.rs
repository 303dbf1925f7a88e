use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Asked, Expect};
use crate::api::links::Links;
use crate::api::resource_groups::absent;

/// Delete an image version with all its copies.
///
/// `ResourceInUse` while a machine needs one of its copies. Answers 202, with the end at `Location`; 200 where the
/// gallery keeps deleted versions, which can be restored for a while; and 204 when there is none.
#[utoipa::path(
    delete,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}/versions/{version}",
    tag = super::TAG,
    responses((status = 200), (status = 202), (status = 204))
)]
pub(crate) async fn version_delete(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    links: Links,
) -> ApiResult<Response> {
    let found = match services
        .version_get(&ctx, &id)
        .await
        .map_err(ApiError::from)
    {
        Ok(found) => found,
        Err(refusal) => return Ok(absent(&services, &ctx, &id, refusal).await?.into_response()),
    };
    let deleted = services.version_delete(&ctx, &id, expect.0.clone()).await;
    match expect.judge(deleted)? {
        Some(job) => links.accepted(&job, &found.meta.location),
        None => Ok(StatusCode::OK.into_response()),
    }
}
