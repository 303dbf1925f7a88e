use axum::Json;
use domain::region::Region;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::list::{ListResult, whole};
use crate::api::subscriptions;

/// A region.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Location {
    id: String,
    /// The name that `location` takes.
    name: String,
    /// Always `Region`.
    r#type: &'static str,
    display_name: String,
    regional_display_name: String,
    metadata: LocationMetadata,
}

/// Where a region lies.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LocationMetadata {
    /// Always `Physical`.
    region_type: &'static str,
    geography: String,
}

impl Location {
    fn new(subscription: &str, region: &Region) -> Self {
        Self {
            id: format!("/subscriptions/{subscription}/locations/{}", region.name),
            name: region.name.clone(),
            r#type: "Region",
            display_name: region.display_name.clone(),
            regional_display_name: format!("({}) {}", region.geography, region.display_name),
            metadata: LocationMetadata {
                region_type: "Physical",
                geography: region.geography.clone(),
            },
        }
    }
}

/// List the regions of this installation.
#[utoipa::path(
    get,
    context_path = SUBSCRIPTION,
    path = "/locations",
    tag = "Subscriptions",
    responses((status = 200, body = ListResult<Location>))
)]
pub(crate) async fn location_list(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<ListResult<Location>>> {
    subscriptions::visible(&services, &ctx, &id).await?;
    let subscription = id.segment("subscriptions").unwrap_or_default();
    Ok(whole(
        services
            .settings()
            .regions
            .0
            .iter()
            .map(|region| Location::new(subscription, region)),
    ))
}
