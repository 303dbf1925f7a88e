use axum::Json;

use super::wire::Lab;
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a lab.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labs/{lab}",
    tag = super::TAG,
    responses((status = 200, body = Lab))
)]
pub(crate) async fn lab_get(Asked { ctx, services, id }: Asked) -> ApiResult<Json<Lab>> {
    Ok(Json(services.lab_get(&ctx, &id).await?.into()))
}
