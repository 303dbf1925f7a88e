use axum::Json;
use domain::lab::MachineSize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::LABS;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::list::{ListResult, whole};
use crate::api::subscriptions;

/// A machine size.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineSku {
    /// Always `labs`.
    resource_type: &'static str,
    /// What a lab's `sku.name` takes.
    name: String,
    /// Name for people. Vitrine's own.
    display_name: String,
    capabilities: Vec<Capability>,
    /// Regions that have it.
    locations: Vec<String>,
    costs: Vec<Cost>,
    /// Always empty.
    restrictions: Vec<String>,
}

/// What a size offers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Capability {
    name: &'static str,
    value: String,
}

/// What a size costs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cost {
    /// The currency's main unit, for an hour.
    quantity: f64,
    /// Such as `EUR per hour`.
    extended_unit: String,
}

impl MachineSku {
    fn new(size: &MachineSize, locations: &[String], currency: &str) -> Self {
        let capability = |name, value: String| Capability { name, value };
        // An hour costs far less than what a float keeps exactly.
        #[expect(clippy::cast_precision_loss, reason = "prices are small")]
        let quantity = size.price_milli_per_hour as f64 / 1000.0;
        Self {
            resource_type: "labs",
            name: size.name.clone(),
            display_name: size.display_name.clone(),
            capabilities: vec![
                capability("vCPUs", size.vcpus.to_string()),
                capability("MemoryMiB", size.memory_mib.to_string()),
            ],
            locations: locations.to_vec(),
            costs: vec![Cost {
                quantity,
                extended_unit: format!("{currency} per hour"),
            }],
            restrictions: Vec::new(),
        }
    }
}

/// List the machine sizes that labs can have.
#[utoipa::path(
    get,
    context_path = LABS,
    path = "/skus",
    tag = "Labs",
    responses((status = 200, body = ListResult<MachineSku>))
)]
pub(crate) async fn sku_list(
    Asked {
        ctx,
        services,
        id: subscription,
    }: Asked,
) -> ApiResult<Json<ListResult<MachineSku>>> {
    subscriptions::visible(&services, &ctx, &subscription).await?;
    let settings = services.settings();
    let locations: Vec<String> = settings
        .regions
        .0
        .iter()
        .map(|region| region.name.clone())
        .collect();
    let sku = |size| MachineSku::new(size, &locations, &settings.prices.currency);
    Ok(whole(settings.sizes.iter().map(sku)))
}
