//! All galleries that a person sees. Rules A71, A72.

use domain::gallery::GalleryView;
use domain::rbac::Action;
use domain::region::Regions;
use domain::tenant::SubscriptionView;
use domain::{DiskSize, Page as Rows, ResourceId};
use leptos::prelude::*;
use uuid::Uuid;

use crate::features::typed::region_name;
use crate::ssr;
use crate::ui::{
    Bytes, Cell, Column, EmptyState, Glyph, Kind, LinkButton, Page, Pager, Query, Table, Toolbar,
};

const COLUMNS: [Column; 7] = [
    Column::new("name", "Name").sortable(),
    Column::new("subscription", "Subscription"),
    Column::new("group", "Resource group"),
    Column::new("location", "Region").sortable(),
    Column::new("images", "Images").end(),
    Column::new("versions", "Versions").end(),
    Column::new("stored", "Stored").end(),
];

/// The list of galleries.
#[component]
pub fn GalleriesPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let subscriptions = services.subscription_list(&op).await?;
        let chosen = query.get("subscription").and_then(|id| id.parse().ok());
        let chosen: Option<Uuid> =
            chosen.filter(|id| subscriptions.iter().any(|known| known.id == *id));
        let scope = chosen.map(|id| ResourceId::from_stored(format!("/subscriptions/{id}")));
        let galleries = services
            .gallery_list(&op, scope.as_ref(), &query.page_request())
            .await?;
        let may_create = op.may_create(Action::GalleryWrite);
        let regions = services.settings().regions.clone();
        Ok(view! { <Galleries galleries subscriptions regions query may_create /> })
    })
}

#[component]
fn Galleries(
    galleries: Rows<GalleryView>,
    subscriptions: Vec<SubscriptionView>,
    regions: Regions,
    query: Query,
    may_create: bool,
) -> impl IntoView {
    let create = move || {
        may_create.then(|| view! { <LinkButton href="/images/new" kind=Kind::Primary icon=Glyph::Plus>"New gallery"</LinkButton> })
    };
    let actions = view! {
        <LinkButton href="/images/shared" icon=Glyph::Link>"Shared with me"</LinkButton>
        {create()}
    }
    .into_any();
    let empty = galleries
        .items
        .is_empty()
        .then(|| nothing(&query, create().into_any()));
    let foot = (galleries.total > 0).then(|| {
        let (shown, total, next) = (galleries.items.len(), galleries.total, galleries.next);
        view! { <Pager query=query.clone() shown total next one="gallery" what="galleries" /> }
            .into_any()
    });
    let rows = galleries
        .items
        .into_iter()
        .map(|gallery| row(gallery, &subscriptions, &regions))
        .collect_view();
    let filter = filter(&query, &subscriptions);
    view! {
        <Page
            title="Images"
            intro="Galleries keep images, version by version, with copies in the regions in which labs need them."
            actions
        >
            <Toolbar query=query.clone() search="Find a gallery">{filter}</Toolbar>
            <Table label="Galleries" columns=COLUMNS.to_vec() query empty foot>
                {rows}
            </Table>
        </Page>
    }
}

/// All galleries, or those of one subscription. Rule A71.
fn filter(query: &Query, subscriptions: &[SubscriptionView]) -> AnyView {
    if subscriptions.len() < 2 {
        return ().into_any();
    }
    let chosen = query.get("subscription").unwrap_or_default().to_owned();
    let all = std::iter::once((String::new(), "All subscriptions".to_owned()));
    let named = subscriptions
        .iter()
        .map(|known| (known.id.to_string(), known.display_name.clone()));
    let links = all.chain(named).map(|(id, name)| {
        let here = (id == chosen).then_some("true");
        view! { <a class="button small" href=query.link(&[("subscription", &id)]) aria-current=here>{name}</a> }
    });
    view! { <nav class="row" aria-label="Subscriptions">{links.collect_view()}</nav> }.into_any()
}

fn nothing(query: &Query, create: AnyView) -> AnyView {
    if query.get("q").is_some() {
        view! { <EmptyState glyph=Glyph::Search title="No gallery has this in its name" text="Search for another part of the name." /> }
            .into_any()
    } else {
        view! {
            <EmptyState
                glyph=Glyph::Gallery
                title="No gallery yet"
                text="A gallery holds the images that labs are made of. Create one, upload an image, then attach the gallery to a lab plan."
            >
                {create}
            </EmptyState>
        }
        .into_any()
    }
}

fn row(
    gallery: GalleryView,
    subscriptions: &[SubscriptionView],
    regions: &Regions,
) -> impl IntoView + use<> {
    let subscription = gallery.meta.resource_id.subscription();
    let subscription = subscriptions
        .iter()
        .find(|known| Some(known.id) == subscription)
        .map(|known| known.display_name.clone());
    let group = gallery
        .meta
        .resource_id
        .segment("resourceGroups")
        .unwrap_or_default()
        .to_owned();
    let region = region_name(regions, &gallery.meta.location);
    view! {
        <tr>
            <Cell>
                <a class="cell-title" href=format!("/images/{}", gallery.meta.id)>{gallery.meta.name}</a>
                <span class="cell-note">{gallery.description}</span>
            </Cell>
            <Cell label="Subscription">{subscription}</Cell>
            <Cell label="Resource group">{group}</Cell>
            <Cell label="Region">{region}</Cell>
            <Cell label="Images" end=true>{gallery.image_count}</Cell>
            <Cell label="Versions" end=true>{gallery.version_count}</Cell>
            <Cell label="Stored" end=true><Bytes size=DiskSize::from_bytes(gallery.stored_bytes) /></Cell>
        </tr>
    }
}
