//! The machines that were given to the person who looks.

use domain::machine::{MachineState, MachineView};
use domain::{OpContext, Page as PageOf};
use leptos::prelude::*;

use super::state::{MachineButtons, MachineMark, MachineRights, Screenshot, refusals};
use crate::ssr;
use crate::ui::{EmptyState, Glyph, Live, Page, Pager, Query, Tile, Time};

/// My machines, a tile each.
#[component]
pub fn MachinesPage() -> impl IntoView {
    ssr::page(async move {
        let op = ssr::op()?;
        let query = ssr::query();
        let page = ssr::services()?
            .machine_list_mine(&op, &query.page_request())
            .await?;
        Ok(view! { <Machines page op query /> })
    })
}

#[component]
fn Machines(page: PageOf<MachineView>, op: OpContext, query: Query) -> impl IntoView {
    let shown = page.items.len();
    let empty = (shown == 0).then(|| {
        view! {
            <EmptyState
                glyph=Glyph::Machine
                title="No machine is yours yet"
                text="Machines of labs that you create, or that somebody gives you, stand here. Ask your teacher if you expected one."
            />
        }
    });
    let is_paged = page.next.is_some() || query.get("cursor").is_some();
    let foot = is_paged
        .then(|| view! { <Pager query shown total=page.total next=page.next one="machine" what="machines" /> });
    let moving: Vec<_> = page
        .items
        .iter()
        .filter(|m| m.state.is_moving())
        .cloned()
        .collect();
    let tiles = page
        .items
        .into_iter()
        .map(|machine| tile(machine, &op))
        .collect_view();
    view! {
        <Page title="My machines" intro="Machines that you may connect to.">
            {refusals()}
            {empty}
            <div class="grid-tiles">{tiles}</div>
            {foot}
            {moving.into_iter().map(live).collect_view()}
        </Page>
    }
}

fn live(machine: MachineView) -> AnyView {
    let events = format!("/events/machines/{}", machine.id);
    view! { <Live region=format!("machine-{}", machine.id) events /> }.into_any()
}

fn tile(machine: MachineView, op: &OpContext) -> AnyView {
    let rights = MachineRights::of(op, &machine);
    let is_settled = !machine.state.is_moving();
    let region = format!("machine-{}", machine.id);
    let title = machine.lab_title.clone();
    let problem = machine.problem.clone();
    let since = machine.state_at;
    let screen = (machine.state == MachineState::Running && rights.connect)
        .then(|| view! { <Screenshot machine=machine.clone() /> });
    let mark = view! { <MachineMark state=machine.state /> }.into_any();
    let href = format!("/labs/{}", machine.lab);
    let regions = ssr::services()
        .ok()
        .map(|services| services.settings().regions.clone());
    let region_name = regions
        .and_then(|regions| {
            regions
                .find(&machine.region)
                .map(|r| r.display_name.clone())
        })
        .unwrap_or_else(|| machine.region.clone());
    let what = format!("{} · {region_name}", machine.name);
    view! {
        <div id=region data-settled=is_settled.then_some("")>
            <Tile href title mark>
                {screen}
                <p class="small muted">{what} ", since " <Time at=since /></p>
                {problem.map(|text| view! { <p class="small">{text}</p> })}
                <MachineButtons machine rights small=true />
            </Tile>
        </div>
    }
    .into_any()
}
