use axum::Json;
use domain::Money;
use domain::export::{ExportChoice, ExportPreview};
use domain::image::TargetRegion;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::LABS_IN_GROUP;
use crate::api::error::{ApiResult, ErrorDetail};
use crate::api::extract::Asked;

/// What an export of the template VM would make and cost.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preview {
    /// The gallery of the lab's plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    gallery: Option<String>,
    #[serde(rename = "sizeInGB")]
    size_in_gb: u64,
    size_in_bytes: u64,
    /// Bytes that one copy occupies at the most.
    occupied_bytes: u64,
    disk_count: u32,
    /// Why no lab will be able to use the image: warnings, the export is not refused. Rules B2, B3.
    lab_barriers: Vec<ErrorDetail>,
    /// Where it will be copied to. Rule B6.
    target_regions: Vec<PreviewTarget>,
    /// What all copies cost a month. Rule A64.
    monthly: Price,
    /// What the first copies to other regions cost once. Rule A65.
    egress: Price,
    /// The machine runs and will be stopped first.
    stops_machine: bool,
    /// Specialized definitions that can get a new version.
    existing: Vec<PreviewChoice>,
    /// Why the export can't be asked for now.
    obstacles: Vec<ErrorDetail>,
}

/// A region of the export.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PreviewTarget {
    name: String,
    regional_replica_count: u32,
}

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Price {
    /// Thousandths of the currency's main unit.
    milli: i64,
    currency: String,
}

/// A definition that can get a new version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewChoice {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<String>,
    /// The number that the new version would get.
    next: String,
}

impl From<ExportPreview> for Preview {
    fn from(preview: ExportPreview) -> Self {
        Self {
            gallery: preview.gallery,
            size_in_gb: preview.os_disk.gib_ceil(),
            size_in_bytes: preview.os_disk.bytes(),
            occupied_bytes: preview.occupied_bytes,
            disk_count: preview.disk_count,
            lab_barriers: preview.lab_barriers.iter().map(ErrorDetail::from).collect(),
            target_regions: preview
                .targets
                .into_iter()
                .map(PreviewTarget::from)
                .collect(),
            monthly: preview.monthly.into(),
            egress: preview.egress.into(),
            stops_machine: preview.stops_machine,
            existing: preview
                .existing
                .into_iter()
                .map(PreviewChoice::from)
                .collect(),
            obstacles: preview.obstacles.iter().map(ErrorDetail::from).collect(),
        }
    }
}

impl From<TargetRegion> for PreviewTarget {
    fn from(target: TargetRegion) -> Self {
        Self {
            name: target.region,
            regional_replica_count: target.replicas,
        }
    }
}

impl From<Money> for Price {
    fn from(money: Money) -> Self {
        Self {
            milli: money.milli,
            currency: money.currency,
        }
    }
}

impl From<ExportChoice> for PreviewChoice {
    fn from(choice: ExportChoice) -> Self {
        Self {
            name: choice.name,
            latest: choice.latest.map(|version| version.to_string()),
            next: choice.next.to_string(),
        }
    }
}

/// Show what an export of the lab's template VM would make and cost, before it is asked for with `saveImage`.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labs/{lab}/exportPreview",
    tag = super::TAG,
    responses((status = 200, body = Preview))
)]
pub(crate) async fn template_export_preview(
    Asked {
        ctx,
        services,
        id: lab,
    }: Asked,
) -> ApiResult<Json<Preview>> {
    Ok(Json(
        services.template_export_preview(&ctx, &lab).await?.into(),
    ))
}
