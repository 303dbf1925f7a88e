//! The tab that says what a gallery or a version cost. Rules A62-A65.

use chrono::NaiveDate;
use domain::cost::{CostLine, CostReport, MonthCost, egress, monthly};
use domain::image::{TargetRegion, VersionView};
use domain::region::Regions;
use domain::{DiskSize, Money, ResourceId};
use leptos::prelude::*;

use super::plot::Plot;
use crate::features::typed::region_name;
use crate::ssr;
use crate::ui::{
    Bytes, Callout, Cell, Column, Glyph, LinkButton, Query, Section, Stat, Stats, Table, Tone,
};

/// Months of the plot.
const MONTHS: u32 = 12;

const MONTHLY: [Column; 5] = [
    Column::new("month", "Month"),
    Column::new("kept", "Kept, on average").end(),
    Column::new("storage", "Storage").end(),
    Column::new("egress", "Between regions").end(),
    Column::new("total", "Together").end(),
];

const BY_VERSION: [Column; 5] = [
    Column::new("version", "Version"),
    Column::new("region", "Region"),
    Column::new("kept", "Kept, on average").end(),
    Column::new("storage", "Storage").end(),
    Column::new("egress", "Between regions").end(),
];

/// What the copies at or below a scope cost: a plot, the same as a table, this month by version, and a file to take away.
#[component]
pub fn CostPanel(scope: ResourceId) -> impl IntoView {
    ssr::part(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let report = services.cost_report(&op, &scope, MONTHS).await?;
        let regions = services.settings().regions.clone();
        Ok(view! { <Report report scope regions /> })
    })
}

#[component]
fn Report(report: CostReport, scope: ResourceId, regions: Regions) -> impl IntoView {
    let file = format!("{scope}/costs?api-version=2026-11-01&format=csv&months={MONTHS}");
    let this = report.months.last().cloned();
    let (so_far, kept) = this.as_ref().map_or_else(
        || (String::new(), DiskSize::from_bytes(0)),
        |month| (month.total().told(), DiskSize::from_bytes(month.kept_bytes)),
    );
    let year = Money {
        milli: report.months.iter().map(|month| month.total().milli).sum(),
        currency: report.currency.clone(),
    };
    let now = this.map(|month| month.month);
    let lines: Vec<CostLine> = report
        .lines
        .into_iter()
        .filter(|line| Some(line.cost.month) == now)
        .collect();
    let rows = report.months.iter().rev().map(month_row).collect_view();
    let lines = lines
        .into_iter()
        .map(|line| line_row(line, &regions))
        .collect_view();
    let actions = view! { <LinkButton href=file icon=Glyph::Download small=true>"Download as CSV"</LinkButton> }.into_any();
    view! {
        <div class="stack">
            <Stats>
                <Stat label="This month" value=so_far note="so far" />
                <Stat label="Kept" value=kept.to_string() note="this month, on average" />
                <Stat label="Last 12 months" value=year.told() note="this month included" />
            </Stats>
            <Section
                title="Month by month"
                intro="Storage is the occupied size of every copy for the time that it is kept; the first copy of a further region is also sent there once."
                actions
            >
                <Plot months=report.months.clone() />
                <Table label="Cost by month" columns=MONTHLY.to_vec() query=Query::default()>
                    {rows}
                </Table>
            </Section>
            <Section title="This month by version">
                <Table label="Cost of this month by version" columns=BY_VERSION.to_vec() query=Query::default()>
                    {lines}
                </Table>
            </Section>
        </div>
    }
    .into_any()
}

fn month_row(month: &MonthCost) -> impl IntoView + use<> {
    let (storage, egress, total) = (
        month.storage.told(),
        month.egress.told(),
        month.total().told(),
    );
    let (name, kept) = (name(month.month), DiskSize::from_bytes(month.kept_bytes));
    view! {
        <tr>
            <Cell><strong>{name}</strong></Cell>
            <Cell label="Kept, on average" end=true><Bytes size=kept /></Cell>
            <Cell label="Storage" end=true>{storage}</Cell>
            <Cell label="Between regions" end=true>{egress}</Cell>
            <Cell label="Together" end=true>{total}</Cell>
        </tr>
    }
}

fn line_row(line: CostLine, regions: &Regions) -> impl IntoView + use<> {
    let id = ResourceId::from_stored(line.resource_id);
    let image = id.segment("images").unwrap_or_default().to_owned();
    let version = id.name().to_owned();
    let region = region_name(regions, &line.region);
    let kind = line.storage_type.label();
    let kept = DiskSize::from_bytes(line.cost.kept_bytes);
    let (storage, egress) = (line.cost.storage.told(), line.cost.egress.told());
    view! {
        <tr>
            <Cell><strong>{image}" "{version}</strong></Cell>
            <Cell label="Region">{region}<span class="cell-note">{kind}</span></Cell>
            <Cell label="Kept, on average" end=true><Bytes size=kept /></Cell>
            <Cell label="Storage" end=true>{storage}</Cell>
            <Cell label="Between regions" end=true>{egress}</Cell>
        </tr>
    }
}

/// A month as people write it.
pub(super) fn name(month: NaiveDate) -> String {
    month.format("%B %Y").to_string()
}

/// What other regions and counts would cost beside what they cost now, before anything is changed.
#[must_use]
pub fn warn_of_change(
    version: &VersionView,
    now: &[TargetRegion],
    wanted: &[TargetRegion],
) -> AnyView {
    let Ok(services) = ssr::services() else {
        return ().into_any();
    };
    let prices = services.settings().prices.clone();
    let bytes = version.occupied_bytes;
    let (before, after) = (
        monthly(bytes, now, &prices),
        monthly(bytes, wanted, &prices),
    );
    let is_new = |target: &&TargetRegion| !now.iter().any(|held| held.region == target.region);
    let further: Vec<TargetRegion> = wanted.iter().filter(is_new).cloned().collect();
    let once = egress(bytes, &version.meta.location, &further, &prices);
    let title = format!("{} a month instead of {}", after.told(), before.told());
    let once = (once.milli > 0).then(|| {
        format!(
            "And {} once, to send a first copy to each further region.",
            once.told()
        )
    });
    view! {
        <Callout tone=Tone::Info title>
            {once.map(|text| view! { <p>{text}</p> })}
        </Callout>
    }
    .into_any()
}
