//! Which images of the attached gallery labs may use, and why some can't be used anyway. Rules B3, B4, B9.

use domain::plan::{PlanImageView, PlanView};
use domain::{Page as Rows, Violation};
use leptos::prelude::*;

use super::actions::PlanImageSet;
use crate::features::search::Named;
use crate::ui::{
    Badge, Cell, Column, EmptyState, FormErrors, FormState, Glyph, Hidden, LinkButton, Pager,
    PostForm, Query, Section, ServerFn, StateDot, SubmitButton, Table, Tone, Toolbar,
};

const COLUMNS: [Column; 5] = [
    Column::new("name", "Image").sortable(),
    Column::new("system", "System"),
    Column::new("latest", "Latest"),
    Column::new("enabled", "For labs"),
    Column::new("switch", "Switch").hidden(),
];

/// The images of the attached gallery and those that other organisations share, with their switches.
#[component]
pub fn PlanImages(
    plan: PlanView,
    images: Rows<PlanImageView>,
    shared: Vec<PlanImageView>,
    query: Query,
    may_switch: bool,
) -> impl IntoView {
    let id = plan.meta.id.to_string();
    let shared = (!shared.is_empty())
        .then(|| view! { <SharedImages plan=id shared query=query.clone() may_switch /> });
    view! {
        <FormErrors state={FormState::of::<PlanImageSet>()} />
        <Attached plan images query may_switch />
        {shared}
    }
    .into_any()
}

/// The images of other organisations: they start switched off, and go when the share ends.
#[component]
fn SharedImages(
    plan: String,
    shared: Vec<PlanImageView>,
    query: Query,
    may_switch: bool,
) -> impl IntoView {
    let from = query.link(&[]);
    let rows = shared
        .into_iter()
        .map(|image| row(&plan, &from, image, may_switch))
        .collect_view();
    view! {
        <Section
            title="Shared by other organisations"
            intro="Labs of this plan may use these while the share lasts and the one who creates the lab may read them."
        >
            <Table label="Shared images for labs" columns=COLUMNS.to_vec() query>
                {rows}
            </Table>
        </Section>
    }
    .into_any()
}

#[component]
fn Attached(
    plan: PlanView,
    images: Rows<PlanImageView>,
    query: Query,
    may_switch: bool,
) -> impl IntoView {
    let base = format!("/plans/{}", plan.meta.id);
    let Some(gallery) = plan.gallery else {
        return view! {
            <EmptyState
                glyph=Glyph::Gallery
                title="No gallery is attached"
                text="The images of the attached gallery stand here. Without one, labs can use base images only."
            >
                <LinkButton href=base icon=Glyph::Link>"Attach a gallery"</LinkButton>
            </EmptyState>
        }
        .into_any();
    };
    let gallery = format!("/images/{}", gallery.id);
    let empty = images.items.is_empty().then(|| {
        let gallery = gallery.clone();
        view! {
            <EmptyState
                glyph=Glyph::Image
                title="No image here"
                text="Upload an image to the gallery, or export a template machine, then switch it on here."
            >
                <LinkButton href=gallery icon=Glyph::Gallery>"Go to the gallery"</LinkButton>
            </EmptyState>
        }
        .into_any()
    });
    let foot = (images.total > 0).then(|| {
        let (shown, total, next) = (images.items.len(), images.total, images.next);
        view! { <Pager query=query.clone() shown total next one="image" what="images" /> }
            .into_any()
    });
    let from = query.link(&[]);
    let rows = images
        .items
        .into_iter()
        .map(|image| row(&plan.meta.id.to_string(), &from, image, may_switch));
    let rows = rows.collect_view();
    view! {
        <Toolbar query=query.clone() search="Find an image" />
        <Table label="Images for labs" columns=COLUMNS.to_vec() query empty foot>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(plan: &str, from: &str, image: PlanImageView, may_switch: bool) -> impl IntoView + use<> {
    let reasons: Vec<String> = image.reasons.iter().map(Violation::sentence).collect();
    let because =
        (!reasons.is_empty()).then(|| view! { <span class="cell-note">{reasons.join(" ")}</span> });
    let usable = match (image.enabled, reasons.is_empty()) {
        (true, true) => view! { <StateDot tone=Tone::Ok label="On" /> }.into_any(),
        (true, false) => {
            view! { <StateDot tone=Tone::Warn label="On, but can't be used" /> }.into_any()
        }
        (false, _) => view! { <StateDot label="Off" /> }.into_any(),
    };
    let latest = match image.latest {
        Some(version) => view! { <span class="num">{version.to_string()}</span> }.into_any(),
        None => view! { <span class="muted">"none"</span> }.into_any(),
    };
    let switch = may_switch.then(|| {
        let (plan, from) = (plan.to_owned(), from.to_owned());
        let (id, enabled) = (image.id.to_string(), (!image.enabled).to_string());
        let name = format!(" {}", image.name);
        let verb = if image.enabled { "Switch off" } else { "Switch on" };
        view! {
            <PostForm action=PlanImageSet::url() class="inline">
                <Hidden name="id" value=plan />
                <Hidden name="image" value=id />
                <Hidden name="enabled" value=enabled />
                <Hidden name="from" value=from />
                <SubmitButton small=true>{verb} <span class="visually-hidden">{name}</span></SubmitButton>
            </PostForm>
        }
    });
    let named = Named::of(image.resource_id.as_str());
    view! {
        <tr>
            <Cell>
                <span class="cell-title">{named.link()}</span>
                {because}
            </Cell>
            <Cell label="System">
                <span class="row">{image.os_type.to_string()} <Badge>{image.os_state.to_string()}</Badge></span>
            </Cell>
            <Cell label="Latest">{latest}</Cell>
            <Cell label="For labs">{usable}</Cell>
            <Cell><div class="cell-actions">{switch}</div></Cell>
        </tr>
    }
}
