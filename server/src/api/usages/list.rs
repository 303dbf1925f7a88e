use axum::Json;
use axum::extract::Path;
use domain::{OpContext, PageRequest, Problem, ResourceId};
use serde::Serialize;
use services::Services;
use utoipa::ToSchema;

use crate::api::LABS;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::list::{ListResult, whole};
use crate::api::subscriptions;

/// How much of a limit is used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Usage {
    id: String,
    name: UsageName,
    current_value: u64,
    limit: u64,
    /// Always `Count`.
    unit: &'static str,
}

/// What is counted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsageName {
    value: &'static str,
    localized_value: &'static str,
}

/// What lies in one region of a subscription, as far as the caller sees it.
#[derive(Debug, Default)]
struct Counted {
    galleries: u64,
    images: u64,
    versions: u64,
}

async fn count(
    services: &Services,
    ctx: &OpContext,
    subscription: &ResourceId,
    region: &str,
) -> ApiResult<Counted> {
    let mut counted = Counted::default();
    let mut page = PageRequest {
        limit: 1000,
        ..PageRequest::default()
    };
    loop {
        let rows = services
            .gallery_list(ctx, Some(subscription), &page)
            .await?;
        for gallery in rows
            .items
            .iter()
            .filter(|gallery| gallery.meta.location == region)
        {
            counted.galleries += 1;
            counted.images += gallery.image_count;
            counted.versions += gallery.version_count;
        }
        if rows.next.is_none() {
            return Ok(counted);
        }
        page.cursor = rows.next;
    }
}

/// List the limits of a region and how much of them is used by what the caller sees.
#[utoipa::path(
    get,
    context_path = LABS,
    path = "/locations/{location}/usages",
    tag = "Labs",
    responses((status = 200, body = ListResult<Usage>))
)]
pub(crate) async fn usage_list(
    Asked { ctx, services, id }: Asked,
    Path((_, location)): Path<(String, String)>,
) -> ApiResult<Json<ListResult<Usage>>> {
    let subscription = ResourceId::parse(&format!(
        "/subscriptions/{}",
        id.segment("subscriptions").unwrap_or_default()
    ))
    .map_err(|_| Problem::not_found("The subscription"))?;
    subscriptions::visible(&services, &ctx, &subscription).await?;
    let region = services.settings().regions.find(&location);
    let region = region.ok_or_else(|| Problem::not_found(format!("The region “{location}”")))?;
    let counted = count(&services, &ctx, &subscription, &region.name).await?;
    let limits = &services.settings().limits;
    let usage = |(value, localized_value, current_value, limit)| Usage {
        id: format!(
            "{subscription}/providers/Microsoft.LabServices/locations/{}/usages/{value}",
            region.name
        ),
        name: UsageName {
            value,
            localized_value,
        },
        current_value,
        limit: u64::from(limit),
        unit: "Count",
    };
    let rows = [
        (
            "galleries",
            "Galleries",
            counted.galleries,
            limits.galleries,
        ),
        ("images", "Image definitions", counted.images, limits.images),
        (
            "versions",
            "Image versions",
            counted.versions,
            limits.versions,
        ),
    ];
    Ok(whole(rows.map(usage)))
}
