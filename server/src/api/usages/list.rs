use axum::Json;
use axum::extract::Path;
use domain::{Problem, ResourceId, gallery};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::list::{ListResult, whole};
use crate::api::{COMPUTE, LABS, subscriptions};

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
    value: String,
    localized_value: String,
}

/// List the limits of a region and how much of them is used by what the caller sees. Rule A43.
#[utoipa::path(
    get,
    context_path = LABS,
    path = "/locations/{location}/usages",
    tag = "Labs",
    responses((status = 200, body = ListResult<Usage>))
)]
pub(crate) async fn usage_list(
    asked: Asked,
    Path((_, location)): Path<(String, String)>,
) -> ApiResult<Json<ListResult<Usage>>> {
    list(asked, &location, "Microsoft.LabServices").await
}

/// List the limits of a region and how much of them is used by what the caller sees, as the command line for machines
/// asks for them. Rule A43.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/locations/{location}/usages",
    tag = "Galleries",
    responses((status = 200, body = ListResult<Usage>))
)]
pub(crate) async fn compute_usage_list(
    asked: Asked,
    Path((_, location)): Path<(String, String)>,
) -> ApiResult<Json<ListResult<Usage>>> {
    list(asked, &location, "Microsoft.Compute").await
}

async fn list(
    Asked { ctx, services, id }: Asked,
    location: &str,
    namespace: &str,
) -> ApiResult<Json<ListResult<Usage>>> {
    let key = id
        .subscription()
        .ok_or_else(|| Problem::not_found("The subscription"))?;
    let subscription = ResourceId::from_stored(format!("/subscriptions/{key}"));
    subscriptions::visible(&services, &ctx, &subscription).await?;
    let region = services.settings().regions.find(location);
    let region = region.ok_or_else(|| Problem::not_found(format!("The region “{location}”")))?;
    let rows = services.usage_list(&ctx, key, &region.name).await?;
    let place = format!(
        "{subscription}/providers/{namespace}/locations/{}",
        region.name
    );
    let usage = |row: gallery::Usage| Usage {
        id: format!("{place}/usages/{}", row.name),
        name: UsageName {
            value: row.name,
            localized_value: row.label,
        },
        current_value: row.used,
        limit: row.limit,
        unit: "Count",
    };
    Ok(whole(rows.into_iter().map(usage)))
}
