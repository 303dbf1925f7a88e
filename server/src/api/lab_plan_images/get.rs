use axum::Json;

use super::wire::PlanImage;
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show an image of the plan's gallery.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labPlans/{labPlan}/images/{image}",
    tag = super::TAG,
    responses((status = 200, body = PlanImage))
)]
pub(crate) async fn plan_image_get(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<PlanImage>> {
    let (plan, image) = super::find(&services, &ctx, &id).await?;
    Ok(Json(PlanImage::new(&plan, image)))
}
