use axum::extract::State;
use http::StatusCode;
use services::Services;

use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Expect, Resource};
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
    expect: Expect,
) -> ApiResult<StatusCode> {
    if !expect.is_none() {
        expect.check(&services.plan_get(&ctx, &id).await?.meta.etag)?;
    }
    match services.plan_delete(&ctx, &id).await {
        Ok(()) => Ok(StatusCode::OK),
        Err(error) => absent(&services, &ctx, &id, error.into()).await,
    }
}
