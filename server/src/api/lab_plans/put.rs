use axum::Json;
use http::StatusCode;

use super::wire::{LabPlan, LabPlanBody};
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};
use crate::api::{LABS_IN_GROUP, created};

/// Create a lab plan, or replace what of it can be changed.
#[utoipa::path(
    put,
    context_path = LABS_IN_GROUP,
    path = "/labPlans/{labPlan}",
    tag = super::TAG,
    request_body = LabPlanBody,
    responses((status = 200, body = LabPlan), (status = 201, body = LabPlan))
)]
pub(crate) async fn plan_put(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<LabPlanBody>,
) -> ApiResult<(StatusCode, Json<LabPlan>)> {
    let put = services
        .plan_put(&ctx, &id, body.try_into()?, expect.0.clone())
        .await;
    Ok(created(expect.judge(put)?))
}
