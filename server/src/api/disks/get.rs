use axum::Json;

use super::wire::Disk;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a disk.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/disks/{disk}",
    tag = super::TAG,
    responses((status = 200, body = Disk))
)]
pub(crate) async fn disk_get(Asked { ctx, services, id }: Asked) -> ApiResult<Json<Disk>> {
    Ok(Json(services.disk_get(&ctx, &id).await?.into()))
}
