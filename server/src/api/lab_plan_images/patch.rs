use axum::Json;

use super::wire::{PlanImage, PlanImageBody};
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body};

/// Switch an image of the plan's gallery on or off for new labs.
#[utoipa::path(
    patch,
    context_path = LABS_IN_GROUP,
    path = "/labPlans/{labPlan}/images/{image}",
    tag = super::TAG,
    request_body = PlanImageBody,
    responses((status = 200, body = PlanImage))
)]
pub(crate) async fn plan_image_set(
    Asked { ctx, services, id }: Asked,
    Body(body): Body<PlanImageBody>,
) -> ApiResult<Json<PlanImage>> {
    let (plan, image) = super::find(&services, &ctx, &id).await?;
    let image = services
        .plan_image_set(&ctx, &plan, image.id, body.enabled()?)
        .await?;
    Ok(Json(PlanImage::new(&plan, image)))
}
