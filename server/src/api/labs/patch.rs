use axum::Json;

use super::wire::{Lab, LabBody};
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};

/// Change a lab's title, description or tags.
#[utoipa::path(
    patch,
    context_path = LABS_IN_GROUP,
    path = "/labs/{lab}",
    tag = super::TAG,
    request_body = LabBody,
    responses((status = 200, body = Lab))
)]
pub(crate) async fn lab_update(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<LabBody>,
) -> ApiResult<Json<Lab>> {
    let updated = services
        .lab_update(&ctx, &id, body.update(), expect.0.clone())
        .await;
    Ok(Json(expect.judge(updated)?.into()))
}
