use axum::Json;

use super::wire::Snapshot;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a snapshot.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/snapshots/{snapshot}",
    tag = super::TAG,
    responses((status = 200, body = Snapshot))
)]
pub(crate) async fn snapshot_get(Asked { ctx, services, id }: Asked) -> ApiResult<Json<Snapshot>> {
    Ok(Json(services.disk_get(&ctx, &id).await?.into()))
}
