use axum::Json;
use axum::extract::State;
use services::Services;

use super::wire::{Gallery, GalleryBody};
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Body, Caller, Expect, Resource};
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
    expect: Expect,
    Body(mut body): Body<GalleryBody>,
) -> ApiResult<Json<Gallery>> {
    if !expect.is_none() {
        expect.check(&services.gallery_get(&ctx, &id).await?.meta.etag)?;
    }
    let description = body.description();
    let gallery = services
        .gallery_update(&ctx, &id, description, Tags::given(body.tags))
        .await?;
    Ok(Json(gallery.into()))
}
