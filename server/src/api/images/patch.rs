use axum::Json;
use axum::extract::State;
use domain::tenant::Precondition;
use services::Services;

use super::wire::{Image, ImageBody};
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Body, Caller, Expect, Resource};

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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
    expect: Expect,
    Body(body): Body<ImageBody>,
) -> ApiResult<Json<Image>> {
    let image = services.image_get(&ctx, &id).await?;
    expect.check(&image.meta.etag)?;
    let read = Precondition::Etag(image.meta.etag);
    let input = body.over(image.properties).try_into()?;
    Ok(Json(
        services
            .image_put(&ctx, &id, input, read)
            .await?
            .value
            .into(),
    ))
}
