//! The images of a plan's gallery, each with the plan's switch.

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
        page.cursor = Some(rows.next.ok_or_else(absent)?);
    }
}
