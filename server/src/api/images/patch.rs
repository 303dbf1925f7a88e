use axum::Json;

use super::wire::{Image, ImageBody};
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};

/// Change what of an image definition can be changed. Rule A67.
#[utoipa::path(
    patch,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}",
    tag = super::TAG,
    request_body = ImageBody,
    responses((status = 200, body = Image))
)]
pub(crate) async fn image_update(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<ImageBody>,
) -> ApiResult<Json<Image>> {
    let image = services.image_get(&ctx, &id).await?;
    let still = expect.still(&image.meta.etag)?;
    let input = body.over(image.properties).try_into()?;
    let put = services.image_put(&ctx, &id, input, still).await?;
    Ok(Json(put.value.into()))
}
