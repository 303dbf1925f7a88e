use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use services::compute::DiskBody;

use super::wire::Snapshot;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Asked, Body, Expect};
use crate::api::kept::announced;
use crate::api::links::Links;

/// Take a snapshot of a disk, or change its tags.
///
/// The source is a disk or another snapshot (`Copy`); a machine that runs on the disk must be stopped. A new one is
/// answered at once; the job that makes it is at `Azure-AsyncOperation`. Rule A7.
#[utoipa::path(
    put,
    context_path = COMPUTE_IN_GROUP,
    path = "/snapshots/{snapshot}",
    tag = super::TAG,
    request_body = DiskBody,
    responses((status = 200, body = Snapshot))
)]
pub(crate) async fn snapshot_put(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    links: Links,
    Body(body): Body<DiskBody>,
) -> ApiResult<Response> {
    match services.disk_get(&ctx, &id).await.map_err(ApiError::from) {
        Ok(_) => {
            let updated = services
                .disk_update(&ctx, &id, body.tags(), expect.0.clone())
                .await;
            Ok(Json(Snapshot::from(expect.judge(updated)?)).into_response())
        }
        Err(refusal) if refusal.is_not_found() => {
            let put = services
                .disk_put(&ctx, &id, body.create()?, expect.0.clone())
                .await;
            announced::<Snapshot>(expect.judge(put)?, StatusCode::OK, &links)
        }
        Err(refusal) => Err(refusal),
    }
}
