//! Tables, tiles and empty places.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;

use crate::ui::*;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

pub(super) fn minutes_ago(minutes: i64) -> DateTime<Utc> {
    let now = use_context::<RequestTime>().map_or(NOW, |time| time.0);
    now - TimeDelta::minutes(minutes)
}

fn row(
    name: &'static str,
    image: &'static str,
    state: StateRow,
    region: &'static str,
    machines: u32,
    minutes: i64,
) -> impl IntoView {
    view! {
        <tr>
            <Cell>
                <a class="cell-title" href="#lab">{name}</a>
                <span class="cell-note">{image}</span>
            </Cell>
            <Cell label="State"><StateDot tone=state.0 busy=state.1 label=state.2 /></Cell>
            <Cell label="Region">{region}</Cell>
            <Cell label="Machines" end=true>{machines}</Cell>
            <Cell label="Changed"><Time at=minutes_ago(minutes) /></Cell>
        </tr>
    }
}

type StateRow = (Tone, bool, &'static str);

/// See the parent module.
#[component]
pub fn Lists() -> impl IntoView {
    let query = Query::parse("/labs", "sort=name");
    let columns = || {
        vec![
            Column::new("name", "Name").sortable(),
            Column::new("state", "State").sortable(),
            Column::new("region", "Region"),
            Column::new("machines", "Machines").sortable().end(),
            Column::new("changed", "Changed").sortable(),
        ]
    };
    let foot = view! { <Pager query=query.clone() shown=4 total=57 next=Some("x".to_owned()) one="lab" what="labs" /> }.into_any();
    let search = query.clone();
    let labs = query.clone();
    let empty = view! {
        <EmptyState
            glyph=Glyph::Gallery
            title="Nothing in this gallery yet"
            text="Upload a disk, or export a template machine from one of your labs. Images that are too large for labs can be kept here too."
        >
            <LinkButton href="#upload" icon=Glyph::Upload kind=Kind::Primary>"Upload an image"</LinkButton>
            <LinkButton href="#labs">"Go to labs"</LinkButton>
        </EmptyState>
    }
    .into_any();
    view! {
        <Section title="Labs">
            <div>
                <Toolbar query=search search="Find a lab">
                    <LinkButton href="#new" icon=Glyph::Plus kind=Kind::Primary>"Create lab"</LinkButton>
                </Toolbar>
                <Table label="Labs" columns=columns() query=labs foot>
                    {row("algorithms-2026", "debian-12-lab 1.0.2", (Tone::Neutral, false, "Draft"), "North Europe", 0, 3)}
                    {row("cs101-autumn", "cs101-databases 2.1.0", (Tone::Ok, false, "Published"), "West Europe", 24, 34)}
                    {row("networks-practical", "ubuntu-24-net 1.4.0", (Tone::Info, true, "Publishing"), "West Europe", 30, 190)}
                    {row("statistics", "r-studio 1.0.0", (Tone::Danger, false, "Failed"), "East US", 12, 60 * 70)}
                </Table>
            </div>
        </Section>
        <Section title="Images">
            <Table label="Images" columns=columns() query empty>
                ""
            </Table>
        </Section>
        <Section title="My machines">
            <div class="grid-tiles">
                <Tile href="#m1" title="cs101-autumn" mark=view! { <StateDot tone=Tone::Ok label="Running" /> }.into_any()>
                    <p class="small muted">"Databases, groups A and B"</p>
                    <Meter label="Hours" used=6 limit=20 note="6 of 20 h" />
                    <div class="row">
                        <LinkButton href="#c" icon=Glyph::Console small=true>"Connect"</LinkButton>
                        <SubmitButton icon=Glyph::Stop small=true>"Stop"</SubmitButton>
                    </div>
                </Tile>
                <Tile href="#m2" title="networks-practical" mark=view! { <StateDot label="Stopped" /> }.into_any()>
                    <p class="small muted">"Routing and switching"</p>
                    <Meter label="Hours" used=17 limit=20 note="17 of 20 h" />
                    <div class="row">
                        <SubmitButton icon=Glyph::Play small=true>"Start"</SubmitButton>
                        <SubmitButton icon=Glyph::Console small=true refused="Start the machine first">"Connect"</SubmitButton>
                    </div>
                </Tile>
            </div>
        </Section>
    }
    .into_any()
}
