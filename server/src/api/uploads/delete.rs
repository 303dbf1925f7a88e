use axum::extract::State;
use http::StatusCode;
use services::Services;

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Resource};

/// Throw an upload away.
#[utoipa::path(
    delete,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/uploads/{upload}",
    tag = super::TAG,
    responses((status = 200))
)]
pub(crate) async fn upload_delete(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
) -> ApiResult<StatusCode> {
    let upload = super::find(&services, &ctx, &id).await?;
    services.upload_delete(&ctx, upload.id).await?;
    Ok(StatusCode::OK)
}
