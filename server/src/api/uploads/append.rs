use axum::Json;
use axum::body::Body;
use domain::{Code, Problem};
use futures::TryStreamExt;
use http::HeaderMap;

use super::wire::Upload;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Send a piece of an announced file.
///
/// The body is the file's bytes from `Upload-Offset` on; a piece may be of any length. `Conflict` when the offset is
/// not where the file ends so far: ask with GET and go on there.
#[utoipa::path(
    patch,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/uploads/{upload}",
    tag = super::TAG,
    params(("Upload-Offset" = u64, Header, description = "Bytes of the file that stand before this piece.")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Upload))
)]
pub(crate) async fn upload_append(
    Asked { ctx, services, id }: Asked,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<Upload>> {
    let upload = super::find(&services, &ctx, &id).await?;
    let offset = headers
        .get("upload-offset")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let offset = offset.ok_or_else(|| {
        Problem::new(
            Code::InvalidRequest,
            "Give the piece's place in the file: Upload-Offset: 0.",
        )
        .at("Upload-Offset")
    })?;
    let bytes = body.into_data_stream().map_err(std::io::Error::other);
    Ok(Json(
        services
            .upload_append(&ctx, upload.id, offset, bytes)
            .await?
            .into(),
    ))
}
