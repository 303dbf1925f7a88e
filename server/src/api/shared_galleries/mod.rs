//! Galleries that other organisations share with the caller, by the names that they have there.

pub(super) mod get;
pub(super) mod images;
pub(super) mod list;
pub(super) mod versions;
mod wire;

use domain::gallery::GalleryView;
use domain::{OpContext, Problem};
use services::Services;

use super::error::ApiResult;

pub(super) const TAG: &str = "Shared galleries";

/// The shared gallery of this unique name.
///
/// # Errors
/// `ResourceNotFound`.
async fn find(
    services: &Services,
    ctx: &OpContext,
    location: &str,
    name: &str,
) -> ApiResult<GalleryView> {
    let shared = services.gallery_list_shared(ctx, location).await?;
    let found = shared
        .into_iter()
        .find(|gallery| wire::unique_name(gallery).eq_ignore_ascii_case(name));
    Ok(found.ok_or_else(|| Problem::not_found("The shared gallery"))?)
}
