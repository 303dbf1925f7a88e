use axum::Json;
use http::StatusCode;

use super::wire::{Gallery, GalleryBody};
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};
use crate::api::{COMPUTE_IN_GROUP, created};

/// Create a gallery, or replace what of it can be changed.
#[utoipa::path(
    put,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}",
    tag = super::TAG,
    request_body = GalleryBody,
    responses((status = 200, body = Gallery), (status = 201, body = Gallery))
)]
pub(crate) async fn gallery_put(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<GalleryBody>,
) -> ApiResult<(StatusCode, Json<Gallery>)> {
    let put = services
        .gallery_put(&ctx, &id, body.into(), expect.0.clone())
        .await;
    Ok(created(expect.judge(put)?))
}
