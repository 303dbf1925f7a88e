use axum::Json;

use super::wire::{LabPlan, LabPlanBody};
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};

/// Change a lab plan: what the body leaves out stays.
#[utoipa::path(
    patch,
    context_path = LABS_IN_GROUP,
    path = "/labPlans/{labPlan}",
    tag = super::TAG,
    request_body = LabPlanBody,
    responses((status = 200, body = LabPlan))
)]
pub(crate) async fn plan_update(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<LabPlanBody>,
) -> ApiResult<Json<LabPlan>> {
    let plan = services.plan_get(&ctx, &id).await?;
    let still = expect.still(&plan.meta.etag)?;
    let input = body.over(plan).try_into()?;
    let put = services.plan_put(&ctx, &id, input, still).await?;
    Ok(Json(put.value.into()))
}
