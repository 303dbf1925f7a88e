use axum::Json;

use super::wire::LabPlan;
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a lab plan.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labPlans/{labPlan}",
    tag = super::TAG,
    responses((status = 200, body = LabPlan))
)]
pub(crate) async fn plan_get(Asked { ctx, services, id }: Asked) -> ApiResult<Json<LabPlan>> {
    Ok(Json(services.plan_get(&ctx, &id).await?.into()))
}
