//! Where the copies of a version stand, region by region. Rules A54, A55.

use domain::image::{RegionStatus, ReplicaState};
use domain::region::Regions;
use leptos::prelude::*;

use crate::features::typed::region_name;
use crate::ui::{Badge, Cell, Column, Progress, Query, StateDot, Table, Tone};

const COLUMNS: [Column; 5] = [
    Column::new("region", "Region"),
    Column::new("state", "State"),
    Column::new("copies", "Copies").end(),
    Column::new("store", "Store"),
    Column::new("progress", "Progress"),
];

/// The table of regions.
#[component]
pub fn RegionTable(
    statuses: Vec<RegionStatus>,
    /// The region in which the version was made. Rule A80.
    source: String,
    regions: Regions,
) -> impl IntoView {
    let rows = statuses
        .into_iter()
        .map(|status| row(status, &source, &regions))
        .collect_view();
    view! {
        <Table label="Regions" columns=COLUMNS.to_vec() query=Query::default()>
            {rows}
        </Table>
    }
}

fn row(status: RegionStatus, source: &str, regions: &Regions) -> impl IntoView + use<> {
    let (tone, busy) = match status.state {
        ReplicaState::Ready => (Tone::Ok, false),
        ReplicaState::Failed => (Tone::Danger, false),
        ReplicaState::Pending => (Tone::Neutral, false),
        ReplicaState::Replicating | ReplicaState::Verifying => (Tone::Info, true),
    };
    let name = region_name(regions, &status.region);
    let is_source = status.region == source;
    let progress = match status.state {
        ReplicaState::Ready => view! { <span class="muted">"complete"</span> }.into_any(),
        ReplicaState::Failed => {
            view! { {status.detail.unwrap_or_else(|| "The copy failed.".to_owned())} }.into_any()
        }
        _ => view! { <Progress label=format!("Copy to {name}") percent=Some(status.percent) /> }
            .into_any(),
    };
    view! {
        <tr>
            <Cell>
                <span class="row">
                    <strong>{name}</strong>
                    {is_source.then(|| view! { <Badge title="The version was made here; the others are copied from here.">"Source"</Badge> })}
                </span>
            </Cell>
            <Cell label="State"><StateDot tone busy label=status.state.to_string() /></Cell>
            <Cell label="Copies" end=true>{status.ready}" of "{status.replicas}</Cell>
            <Cell label="Store">{status.storage.label()}<span class="cell-note mono">{status.storage.as_str()}</span></Cell>
            <Cell label="Progress">{progress}</Cell>
        </tr>
    }
}
