//! What the pages of galleries show.

use crate::ssr::Services;
use domain::gallery::GalleryView;
use domain::{OpContext, PageRequest};

use crate::refusal::Refusal;

/// One limit of a subscription and region. Rules A38-A40, A43.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// What is counted.
    pub label: &'static str,
    /// How many there are, as far as the caller sees them.
    pub used: u64,
    /// How many there may be.
    pub limit: u64,
}

/// What lies in the gallery's subscription and region, against the limits. Rule A43.
///
/// # Errors
/// Internal ones alone.
pub async fn usages(
    services: &Services,
    op: &OpContext,
    gallery: &GalleryView,
) -> Result<[Usage; 3], Refusal> {
    let subscription = gallery
        .meta
        .resource_id
        .group()
        .and_then(|group| group.parent());
    let mut page = PageRequest {
        limit: 1000,
        ..PageRequest::default()
    };
    let (mut galleries, mut images, mut versions) = (0, 0, 0);
    loop {
        let rows = services
            .gallery_list(op, subscription.as_ref(), &page)
            .await?;
        for row in rows
            .items
            .iter()
            .filter(|row| row.meta.location == gallery.meta.location)
        {
            galleries += 1;
            images += row.image_count;
            versions += row.version_count;
        }
        page.cursor = rows.next;
        if page.cursor.is_none() {
            break;
        }
    }
    let limits = &services.settings().limits;
    let usage = |label, used, limit| Usage {
        label,
        used,
        limit: u64::from(limit),
    };
    Ok([
        usage("Galleries", galleries, limits.galleries),
        usage("Image definitions", images, limits.images),
        usage("Image versions", versions, limits.versions),
    ])
}
