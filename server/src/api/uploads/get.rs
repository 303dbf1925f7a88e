use axum::Json;

use super::wire::Upload;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show how far an upload is.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/uploads/{upload}",
    tag = super::TAG,
    responses((status = 200, body = Upload))
)]
pub(crate) async fn upload_get(Asked { ctx, services, id }: Asked) -> ApiResult<Json<Upload>> {
    Ok(Json(super::find(&services, &ctx, &id).await?.into()))
}
