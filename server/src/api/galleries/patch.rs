use axum::Json;

use super::wire::{Gallery, GalleryBody};
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};
use crate::api::wire::Tags;

/// Change a gallery's description or tags.
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
    Body(mut body): Body<GalleryBody>,
) -> ApiResult<Json<Gallery>> {
    let (description, tags) = (body.description(), Tags::given(body.tags));
    let updated = services
        .gallery_update(&ctx, &id, description, tags, expect.0.clone())
        .await;
    Ok(Json(expect.judge(updated)?.into()))
}
