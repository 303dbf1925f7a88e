use axum::Json;
use services::compute::DiskBody;

use super::wire::Snapshot;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};

/// Change the tags of a snapshot.
#[utoipa::path(
    patch,
    context_path = COMPUTE_IN_GROUP,
    path = "/snapshots/{snapshot}",
    tag = super::TAG,
    request_body = DiskBody,
    responses((status = 200, body = Snapshot))
)]
pub(crate) async fn snapshot_update(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<DiskBody>,
) -> ApiResult<Json<Snapshot>> {
    let updated = services
        .disk_update(&ctx, &id, body.tags(), expect.0.clone())
        .await;
    Ok(Json(expect.judge(updated)?.into()))
}
