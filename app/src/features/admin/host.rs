//! What runs the machines, and the regions with the room in their stores.

use crate::ssr::Services;
use domain::machine::HostView;
use domain::region::RegionView;
use domain::{DiskSize, OpContext};
use leptos::prelude::*;

use crate::refusal::Refusal;
use crate::ui::{Bytes, Callout, Card, Cell, Column, Fact, Facts, Query, StateDot, Table, Tone};

const COLUMNS: [Column; 3] = [
    Column::new("region", "Region"),
    Column::new("geography", "Geography"),
    Column::new("free", "Free in its store").end(),
];

/// The host's facts and the regions.
pub(super) async fn load(
    services: &Services,
    op: &OpContext,
    query: Query,
) -> Result<AnyView, Refusal> {
    let regions = services.region_list(op)?;
    let host = match services.host(op).await {
        Ok(host) => facts(host),
        Err(error) => {
            let message = Refusal::from(error).0.message;
            view! { <Callout tone=Tone::Danger title="Machines can't run now"><p>{message}</p></Callout> }.into_any()
        }
    };
    let rows = regions.into_iter().map(row).collect_view();
    Ok(view! {
        <div class="columns">
            <Table label="Regions" columns=COLUMNS.to_vec() query>
                {rows}
            </Table>
            {host}
        </div>
    }
    .into_any())
}

fn facts(host: HostView) -> AnyView {
    let tone = if host.hardware { Tone::Ok } else { Tone::Warn };
    view! {
        <Card title="Host">
            <Facts>
                <Fact term="Acceleration"><StateDot tone label=host.accelerator /></Fact>
                <Fact term="QEMU">{host.version}</Fact>
                <Fact term="Machines running">{host.running}</Fact>
            </Facts>
            <p class="small muted">{host.reason}</p>
        </Card>
    }
    .into_any()
}

fn row(view: RegionView) -> AnyView {
    let free = match view.free_bytes {
        Some(bytes) => view! { <Bytes size=DiskSize::from_bytes(bytes) /> }.into_any(),
        None => view! { <StateDot tone=Tone::Danger label="Does not answer" /> }.into_any(),
    };
    view! {
        <tr>
            <Cell>
                <span class="strong">{view.region.display_name}</span>
                <span class="cell-note mono">{view.region.name}</span>
            </Cell>
            <Cell label="Geography">{view.region.geography}</Cell>
            <Cell label="Free in its store" end=true>{free}</Cell>
        </tr>
    }
    .into_any()
}
