use axum::Json;
use axum::response::IntoResponse;
use http::{StatusCode, header};

use super::wire::{Upload, UploadBody};
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body};
use crate::api::links::Links;

/// Announce the upload of a disk file.
///
/// Send the file with PATCH requests to the address in `Location`, then name the upload as the source of an image
/// version's disk.
#[utoipa::path(
    post,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/uploads",
    tag = super::TAG,
    request_body = UploadBody,
    responses((status = 201, body = Upload))
)]
pub(crate) async fn upload_create(
    Asked {
        ctx,
        services,
        id: gallery,
    }: Asked,
    links: Links,
    Body(body): Body<UploadBody>,
) -> ApiResult<impl IntoResponse> {
    let gallery = services.gallery_get(&ctx, &gallery).await?.meta;
    let upload: Upload = services
        .upload_create(&ctx, body.input(gallery.id))
        .await?
        .into();
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, links.resource(upload.id()))],
        Json(upload),
    ))
}
