//! What the pages of galleries show.

use crate::ssr::Services;
use domain::OpContext;
use domain::gallery::{GalleryView, Usage};

use crate::refusal::Refusal;

/// What lies in the gallery's subscription and region, against the limits. Rule A43.
///
/// # Errors
/// Internal ones alone.
pub async fn usages(
    services: &Services,
    op: &OpContext,
    gallery: &GalleryView,
) -> Result<Vec<Usage>, Refusal> {
    match gallery.meta.resource_id.subscription() {
        Some(subscription) => Ok(services
            .usage_list(op, subscription, &gallery.meta.location)
            .await?),
        None => Ok(Vec::new()),
    }
}
