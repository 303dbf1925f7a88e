//! The labs that somebody sees.

use domain::lab::LabView;
use domain::machine::MachineState;
use domain::rbac::Action;
use domain::{OpContext, Page as PageOf};
use leptos::prelude::*;

use super::queries::LabState;
use crate::ssr;
use crate::ui::{
    Cell, Column, EmptyState, Glyph, Kind, LinkButton, Live, Page, Pager, Query, Table, Time,
    Toolbar,
};

const COLUMNS: [Column; 7] = [
    Column::new("title", "Lab").sortable(),
    Column::new("state", "Template VM"),
    Column::new("image", "Image"),
    Column::new("plan", "Lab plan"),
    Column::new("size", "Size").sortable(),
    Column::new("location", "Region").sortable(),
    Column::new("createdAt", "Created").sortable(),
];

/// The list of labs.
#[component]
pub fn LabsPage() -> impl IntoView {
    ssr::page(async move {
        let op = ssr::op()?;
        let query = ssr::query();
        let page = ssr::services()?
            .lab_list(&op, None, &query.page_request())
            .await?;
        Ok(view! { <Labs page op query /> })
    })
}

fn new_lab() -> AnyView {
    view! { <LinkButton href="/labs/new" kind=Kind::Primary icon=Glyph::Plus>"New lab"</LinkButton> }.into_any()
}

#[component]
fn Labs(page: PageOf<LabView>, op: OpContext, query: Query) -> impl IntoView {
    let may_create = !op.scopes(Action::LabCreate).is_empty();
    let shown = page.items.len();
    let is_search = query.get("q").is_some();
    let intro = "A lab is a template VM made from one image, and later a machine for each student.";
    if shown == 0 && !is_search {
        let text = if may_create {
            "Create one from an image of a lab plan, prepare its template VM, and export it for others."
        } else {
            "Labs that you own or assist in stand here. To create labs, ask for the role Lab Creator."
        };
        return view! {
            <Page title="Labs" intro>
                <EmptyState glyph=Glyph::Lab title="No labs yet" text>{may_create.then(new_lab)}</EmptyState>
            </Page>
        }
        .into_any();
    }
    let empty = view! { <EmptyState glyph=Glyph::Search title="No lab matches" text="Search by another part of the name." /> };
    let moving: Vec<_> = page.items.iter().filter_map(moving).collect();
    let rows = page.items.into_iter().map(row).collect_view();
    let foot =
        view! { <Pager query=query.clone() shown total=page.total next=page.next one="lab" what="labs" /> }
            .into_any();
    let columns = COLUMNS.to_vec();
    let table = if shown == 0 {
        view! { <Table label="Labs" columns query=query.clone() empty=empty.into_any() foot>{rows}</Table> }.into_any()
    } else {
        view! { <Table label="Labs" columns query=query.clone() foot>{rows}</Table> }.into_any()
    };
    let body = view! {
        <div class="stack">
            <Toolbar query search="Search labs" />
            {table}
        </div>
        {moving}
    };
    match may_create.then(new_lab) {
        Some(actions) => view! { <Page title="Labs" intro actions>{body}</Page> }.into_any(),
        None => view! { <Page title="Labs" intro>{body}</Page> }.into_any(),
    }
}

/// Follows a template VM that is on its way to another state, until it is there.
fn moving(lab: &LabView) -> Option<AnyView> {
    let machine = lab
        .template
        .as_ref()
        .filter(|machine| machine.state.is_moving())?;
    let events = format!("/events/machines/{}", machine.id);
    Some(view! { <Live region=format!("state-{}", lab.meta.id) events /> }.into_any())
}

fn row(lab: LabView) -> AnyView {
    let settings = ssr::services()
        .ok()
        .map(|services| services.settings().clone());
    let size = settings
        .as_ref()
        .and_then(|s| s.sizes.iter().find(|size| size.name == lab.size));
    let size = size.map_or_else(|| lab.size.clone(), |size| size.display_name.clone());
    let region = settings
        .as_ref()
        .and_then(|s| s.regions.find(&lab.meta.location));
    let region = region.map_or_else(
        || lab.meta.location.clone(),
        |region| region.display_name.clone(),
    );
    let is_moving = lab
        .template
        .as_ref()
        .is_some_and(|m| m.state.is_moving() && m.state != MachineState::Failed);
    let plan_name = lab.plan_resource_id.name().to_owned();
    let plan = match lab.plan {
        Some(id) => view! { <a href=format!("/plans/{id}")>{plan_name}</a> }.into_any(),
        None => view! { <span class="muted">{plan_name}" (deleted)"</span> }.into_any(),
    };
    let image = format!("{} {}", lab.image.name, lab.image.version);
    let subtitle = (lab.title != lab.meta.name)
        .then(|| view! { <span class="small muted cell-note">{lab.meta.name.clone()}</span> });
    let (id, title, created_at) = (lab.meta.id, lab.title.clone(), lab.meta.created_at);
    view! {
        <tr>
            <Cell label="Lab">
                <a class="strong" href=format!("/labs/{id}")>{title}</a>
                {subtitle}
            </Cell>
            <Cell label="Template VM">
                <span id=format!("state-{id}") data-settled=(!is_moving).then_some("")><LabState lab /></span>
            </Cell>
            <Cell label="Image">{image}</Cell>
            <Cell label="Lab plan">{plan}</Cell>
            <Cell label="Size">{size}</Cell>
            <Cell label="Region">{region}</Cell>
            <Cell label="Created"><Time at=created_at /></Cell>
        </tr>
    }
    .into_any()
}
