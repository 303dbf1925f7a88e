//! All lab plans that a person sees.

use domain::Page as Rows;
use domain::plan::PlanView;
use domain::rbac::Action;
use domain::region::Regions;
use leptos::prelude::*;

use crate::features::typed::region_name;
use crate::ssr;
use crate::ui::{
    Badge, Cell, Column, EmptyState, Glyph, Kind, LinkButton, Page, Pager, Query, Table, Toolbar,
};

const COLUMNS: [Column; 5] = [
    Column::new("name", "Name").sortable(),
    Column::new("location", "Region").sortable(),
    Column::new("allowed", "Labs may be in"),
    Column::new("gallery", "Gallery"),
    Column::new("labs", "Labs").end(),
];

/// The list of lab plans.
#[component]
pub fn PlansPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let plans = services.plan_list(&op, None, &query.page_request()).await?;
        let may_create = op.may_create(Action::LabPlanWrite);
        let regions = services.settings().regions.clone();
        Ok(view! { <Plans plans regions query may_create /> })
    })
}

#[component]
fn Plans(plans: Rows<PlanView>, regions: Regions, query: Query, may_create: bool) -> impl IntoView {
    let create = move || {
        may_create.then(|| view! { <LinkButton href="/plans/new" kind=Kind::Primary icon=Glyph::Plus>"New lab plan"</LinkButton> })
    };
    let actions = create().into_any();
    let empty = plans
        .items
        .is_empty()
        .then(|| nothing(&query, create().into_any()));
    let foot = (plans.total > 0).then(|| {
        let (shown, total, next) = (plans.items.len(), plans.total, plans.next);
        view! { <Pager query=query.clone() shown total next one="lab plan" what="lab plans" /> }
            .into_any()
    });
    let rows = plans
        .items
        .into_iter()
        .map(|plan| row(plan, &regions))
        .collect_view();
    view! {
        <Page title="Lab plans" intro="A lab plan says in which regions labs may be, and which images they may use." actions>
            <Toolbar query=query.clone() search="Find a lab plan" />
            <Table label="Lab plans" columns=COLUMNS.to_vec() query empty foot>
                {rows}
            </Table>
        </Page>
    }
}

fn nothing(query: &Query, create: AnyView) -> AnyView {
    if query.get("q").is_some() {
        return view! { <EmptyState glyph=Glyph::Search title="No lab plan has this in its name" text="Search for another part of the name." /> }
            .into_any();
    }
    view! {
        <EmptyState
            glyph=Glyph::Plan
            title="No lab plan yet"
            text="Teachers create labs from a plan. Create one, attach a gallery to it, and switch on the images that labs may use."
        >
            {create}
        </EmptyState>
    }
    .into_any()
}

fn row(plan: PlanView, regions: &Regions) -> impl IntoView + use<> {
    let group = plan
        .meta
        .resource_id
        .segment("resourceGroups")
        .unwrap_or_default()
        .to_owned();
    let allowed = plan
        .allowed_regions
        .iter()
        .map(|region| region_name(regions, region))
        .collect::<Vec<_>>()
        .join(", ");
    let region = region_name(regions, &plan.meta.location);
    let gallery = match plan.gallery {
        Some(gallery) => {
            view! { <a href=format!("/images/{}", gallery.id)>{gallery.name}</a> }.into_any()
        }
        None => view! { <Badge>"None"</Badge> }.into_any(),
    };
    view! {
        <tr>
            <Cell>
                <a class="cell-title" href=format!("/plans/{}", plan.meta.id)>{plan.meta.name}</a>
                <span class="cell-note">{group}</span>
            </Cell>
            <Cell label="Region">{region}</Cell>
            <Cell label="Labs may be in">{allowed}</Cell>
            <Cell label="Gallery">{gallery}</Cell>
            <Cell label="Labs" end=true>{plan.lab_count}</Cell>
        </tr>
    }
}
