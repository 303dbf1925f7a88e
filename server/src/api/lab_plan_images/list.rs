use axum::Json;

use super::wire::PlanImage;
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};

/// List the images of the plan's gallery, and at the end those that other organisations share.
///
/// `$filter` takes `contains(name,'text')`.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labPlans/{labPlan}/images",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<PlanImage>))
)]
pub(crate) async fn plan_image_list(
    Asked {
        ctx,
        services,
        id: plan,
    }: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<PlanImage>>> {
    let wanted = query.page()?;
    let mut page = services.plan_image_list(&ctx, &plan, &wanted).await?;
    // Those of other organisations are few, and stand at the end.
    if page.next.is_none() {
        let mut shared = services.plan_shared_list(&ctx, &plan).await?;
        let text = wanted.filter.unwrap_or_default().to_lowercase();
        shared.retain(|image| image.name.to_lowercase().contains(&text));
        page.items.extend(shared);
    }
    Ok(answer(
        page.map(|image| PlanImage::new(&plan, image)),
        &links,
    ))
}
