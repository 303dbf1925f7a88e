use axum::Json;

use super::wire::{Gallery, GalleryBody};
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};

/// Change a gallery's description, tags, or what becomes of deleted versions. Rule A66.
#[utoipa::path(
    patch,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}",
    tag = super::TAG,
    request_body = GalleryBody,
    responses((status = 200, body = Gallery))
)]
pub(crate) async fn gallery_update(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<GalleryBody>,
) -> ApiResult<Json<Gallery>> {
    let updated = services
        .gallery_update(&ctx, &id, body.into(), expect.0.clone())
        .await;
    Ok(Json(expect.judge(updated)?.into()))
}
