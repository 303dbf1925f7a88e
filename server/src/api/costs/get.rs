use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use domain::cost::{CostLine, CostReport, MonthCost};
use domain::{ResourceId, Rule, Violation};
use http::header;
use serde::{Deserialize, Serialize};
use services::{MONTHS_MAX, Services};
use utoipa::{IntoParams, ToSchema};

use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::{COMPUTE_IN_GROUP, GROUP};

/// Months that are shown unless others are asked for.
const MONTHS: u32 = 12;

/// How far back the report goes, and how it is written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CostQuery {
    /// Months, 1 to 36, the running one included; 12 when absent.
    months: Option<u32>,
    /// `csv` for a table of comma-separated values.
    format: Option<String>,
}

/// What a resource cost, month by month.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Costs {
    /// ISO 4217 code of all amounts.
    currency: String,
    /// The oldest first; the last is the running month, so far.
    months: Vec<Month>,
    /// The same by version, region and kind of store.
    lines: Vec<Line>,
}

/// What a month cost.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Month {
    /// Its first day.
    month: NaiveDate,
    /// Bytes, as if they had been kept the whole month. Rule A64.
    kept_bytes: u64,
    /// Bytes that crossed between regions. Rule A65.
    sent_bytes: u64,
    /// Thousandths of the currency's unit.
    storage_milli: i64,
    /// Thousandths of the currency's unit.
    egress_milli: i64,
}

/// What a version's copies in one region cost in a month.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    /// The version.
    resource_id: String,
    region: String,
    /// `Standard_LRS`, `Premium_LRS` or `Standard_ZRS`.
    storage_account_type: &'static str,
    #[serde(flatten)]
    cost: Month,
}

impl From<MonthCost> for Month {
    fn from(cost: MonthCost) -> Self {
        Self {
            month: cost.month,
            kept_bytes: cost.kept_bytes,
            sent_bytes: cost.sent_bytes,
            storage_milli: cost.storage.milli,
            egress_milli: cost.egress.milli,
        }
    }
}

impl From<CostLine> for Line {
    fn from(line: CostLine) -> Self {
        Self {
            resource_id: line.resource_id,
            region: line.region,
            storage_account_type: line.storage_type.as_str(),
            cost: line.cost.into(),
        }
    }
}

impl From<CostReport> for Costs {
    fn from(report: CostReport) -> Self {
        Self {
            currency: report.currency,
            months: report.months.into_iter().map(Month::from).collect(),
            lines: report.lines.into_iter().map(Line::from).collect(),
        }
    }
}

/// Show what a gallery's copies cost, month by month.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/costs",
    tag = "Galleries",
    params(CostQuery),
    responses((status = 200, body = Costs))
)]
pub(crate) async fn gallery_cost_get(
    asked: Asked,
    Params(query): Params<CostQuery>,
) -> ApiResult<Response> {
    answer(asked, &query).await
}

/// Show what an image version's copies cost, month by month.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}/versions/{version}/costs",
    tag = "Image versions",
    params(CostQuery),
    responses((status = 200, body = Costs))
)]
pub(crate) async fn version_cost_get(
    asked: Asked,
    Params(query): Params<CostQuery>,
) -> ApiResult<Response> {
    answer(asked, &query).await
}

/// Show what the copies of all galleries of a resource group cost, month by month.
#[utoipa::path(
    get,
    context_path = GROUP,
    path = "/costs",
    tag = "Resource groups",
    params(CostQuery),
    responses((status = 200, body = Costs))
)]
pub(crate) async fn resource_group_cost_get(
    asked: Asked,
    Params(query): Params<CostQuery>,
) -> ApiResult<Response> {
    answer(asked, &query).await
}

async fn answer(Asked { ctx, services, id }: Asked, query: &CostQuery) -> ApiResult<Response> {
    let report = report(&services, &ctx, &id, query).await?;
    if query.format.as_deref() != Some("csv") {
        return Ok(Json(Costs::from(report)).into_response());
    }
    let name = format!("attachment; filename=\"costs-{}.csv\"", plain(id.name()));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, report.csv()).into_response())
}

async fn report(
    services: &Services,
    ctx: &domain::OpContext,
    id: &ResourceId,
    query: &CostQuery,
) -> ApiResult<CostReport> {
    let months = query.months.unwrap_or(MONTHS);
    if !(1..=MONTHS_MAX).contains(&months) {
        let violation = Violation::new(Rule::OutOfRange, "months")
            .with("min", 1)
            .with("max", MONTHS_MAX);
        return Err(violation.into());
    }
    Ok(services.cost_report(ctx, id, months).await?)
}

/// A name as a header may bear it.
fn plain(name: &str) -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || "._-".contains(*c);
    name.chars().filter(is_plain).collect()
}
