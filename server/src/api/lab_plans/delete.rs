use http::StatusCode;

use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Expect};
use crate::api::resource_groups::absent;

/// Delete a lab plan.
///
/// Labs that were made from it stay. Answers 204 when there is none.
#[utoipa::path(
    delete,
    context_path = LABS_IN_GROUP,
    path = "/labPlans/{labPlan}",
    tag = super::TAG,
    responses((status = 200), (status = 204))
)]
pub(crate) async fn plan_delete(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
) -> ApiResult<StatusCode> {
    let deleted = services.plan_delete(&ctx, &id, expect.0.clone()).await;
    match expect.judge(deleted) {
        Ok(()) => Ok(StatusCode::OK),
        Err(refusal) => absent(&services, &ctx, &id, refusal).await,
    }
}
