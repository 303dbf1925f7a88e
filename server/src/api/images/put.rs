use axum::Json;
use http::StatusCode;

use super::wire::{Image, ImageBody};
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};
use crate::api::{COMPUTE_IN_GROUP, created};

/// Create an image definition, or replace what of it can be changed.
#[utoipa::path(
    put,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}",
    tag = super::TAG,
    request_body = ImageBody,
    responses((status = 200, body = Image), (status = 201, body = Image))
)]
pub(crate) async fn image_put(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<ImageBody>,
) -> ApiResult<(StatusCode, Json<Image>)> {
    let put = services
        .image_put(&ctx, &id, body.try_into()?, expect.0.clone())
        .await;
    Ok(created(expect.judge(put)?))
}
