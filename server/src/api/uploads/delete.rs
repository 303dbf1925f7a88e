use axum::extract::State;
use http::StatusCode;
use services::Services;

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Resource};
use crate::api::resource_groups::absent;

/// Throw an upload away.
#[utoipa::path(
    delete,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/uploads/{upload}",
    tag = super::TAG,
    responses((status = 200), (status = 204))
)]
pub(crate) async fn upload_delete(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
) -> ApiResult<StatusCode> {
    let (_, upload) = super::split(&id)?;
    match services.upload_delete(&ctx, upload).await {
        Ok(()) => Ok(StatusCode::OK),
        Err(error) => absent(&services, &ctx, &id, error.into()).await,
    }
}
