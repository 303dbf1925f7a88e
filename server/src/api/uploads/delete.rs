use http::StatusCode;

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Throw an upload away.
#[utoipa::path(
    delete,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/uploads/{upload}",
    tag = super::TAG,
    responses((status = 200))
)]
pub(crate) async fn upload_delete(Asked { ctx, services, id }: Asked) -> ApiResult<StatusCode> {
    let upload = super::find(&services, &ctx, &id).await?;
    services.upload_delete(&ctx, upload.id).await?;
    Ok(StatusCode::OK)
}
