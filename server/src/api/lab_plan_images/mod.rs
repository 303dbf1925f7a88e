//! The images of a plan's gallery and those that other organisations share, each with the plan's switch.

pub(super) mod get;
pub(super) mod list;
pub(super) mod patch;
pub(super) mod put;
mod wire;

use domain::plan::PlanImageView;
use domain::{OpContext, PageRequest, Problem, ResourceId};
use services::Services;

use super::error::ApiResult;

pub(super) const TAG: &str = "Lab plan images";

/// Finds an image of a plan by the name in its path.
///
/// # Errors
/// `ResourceNotFound` when the plan has no image of that name.
async fn find(
    services: &Services,
    ctx: &OpContext,
    id: &ResourceId,
) -> ApiResult<(ResourceId, PlanImageView)> {
    let absent = || Problem::not_found("The image");
    let plan = id.parent().ok_or_else(absent)?;
    let mut page = PageRequest {
        limit: 1000,
        filter: Some(id.name().to_owned()),
        ..PageRequest::default()
    };
    loop {
        let rows = services.plan_image_list(ctx, &plan, &page).await?;
        if let Some(image) = rows
            .items
            .into_iter()
            .find(|image| image.name.eq_ignore_ascii_case(id.name()))
        {
            return Ok((plan, image));
        }
        match rows.next {
            Some(next) => page.cursor = Some(next),
            None => break,
        }
    }
    // Two organisations may share images of one name: those are named by their keys.
    let shared = services.plan_shared_list(ctx, &plan).await?;
    let named = |image: &PlanImageView| id.name().eq_ignore_ascii_case(&image.id.to_string());
    let image = shared.into_iter().find(named).ok_or_else(absent)?;
    Ok((plan, image))
}
