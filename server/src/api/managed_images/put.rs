use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use services::compute::ManagedImageBody;

use super::wire::ManagedImage;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Asked, Body, Expect};
use crate::api::kept::announced;
use crate::api::links::Links;

/// Create a managed image, or change its tags.
///
/// It is made from a generalized virtual machine, or from disks, snapshots and uploads. A new one is answered at once with
/// 201; the job that makes it is at `Azure-AsyncOperation`. Rules A7, A73.
#[utoipa::path(
    put,
    context_path = COMPUTE_IN_GROUP,
    path = "/images/{image}",
    tag = super::TAG,
    request_body = ManagedImageBody,
    responses((status = 200, body = ManagedImage), (status = 201, body = ManagedImage))
)]
pub(crate) async fn managed_image_put(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    links: Links,
    Body(body): Body<ManagedImageBody>,
) -> ApiResult<Response> {
    match services.disk_get(&ctx, &id).await.map_err(ApiError::from) {
        Ok(_) => {
            let updated = services
                .disk_update(&ctx, &id, body.tags(), expect.0.clone())
                .await;
            Ok(Json(ManagedImage::from(expect.judge(updated)?)).into_response())
        }
        Err(refusal) if refusal.is_not_found() => {
            let put = services
                .managed_image_put(&ctx, &id, body.create()?, expect.0.clone())
                .await;
            announced::<ManagedImage>(expect.judge(put)?, StatusCode::CREATED, &links)
        }
        Err(refusal) => Err(refusal),
    }
}
