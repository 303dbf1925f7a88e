use axum::extract::State;
use http::StatusCode;
use services::Services;

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Expect, Resource};
use crate::api::resource_groups::absent;

/// Delete an image definition without versions.
///
/// `ResourceInUse` while it holds versions. Answers 204 when there is none.
#[utoipa::path(
    delete,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}",
    tag = super::TAG,
    responses((status = 200), (status = 204))
)]
pub(crate) async fn image_delete(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
    expect: Expect,
) -> ApiResult<StatusCode> {
    if !expect.is_none() {
        expect.check(&services.image_get(&ctx, &id).await?.meta.etag)?;
    }
    match services.image_delete(&ctx, &id).await {
        Ok(()) => Ok(StatusCode::OK),
        Err(error) => absent(&services, &ctx, &id, error.into()).await,
    }
}
