use axum::Json;
use services::compute::ManagedImageBody;

use super::wire::ManagedImage;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};

/// Change the tags of a managed image.
#[utoipa::path(
    patch,
    context_path = COMPUTE_IN_GROUP,
    path = "/images/{image}",
    tag = super::TAG,
    request_body = ManagedImageBody,
    responses((status = 200, body = ManagedImage))
)]
pub(crate) async fn managed_image_update(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<ManagedImageBody>,
) -> ApiResult<Json<ManagedImage>> {
    let updated = services
        .disk_update(&ctx, &id, body.tags(), expect.0.clone())
        .await;
    Ok(Json(expect.judge(updated)?.into()))
}
