//! One gallery with its image definitions.

use domain::cost;
use domain::gallery::GalleryView;
use domain::image::{ImageView, TargetRegion};
use domain::rbac::Action;
use domain::{DiskSize, Page as Rows};
use leptos::prelude::*;

use super::queries;
use super::settings::GallerySettings;
use crate::features::cost::CostPanel;
use crate::features::image::facts::ended;
use crate::features::parts::{self, Part};
use crate::features::share::SharedBy;
use crate::features::typed::region_name;
use crate::ssr;
use crate::ui::{
    Badge, Cell, Column, Crumb, EmptyState, Glyph, Kind, LinkButton, Page, Pager, Query, Stat,
    Stats, Tab, Table, Tone, Toolbar,
};

const COLUMNS: [Column; 6] = [
    Column::new("name", "Name").sortable(),
    Column::new("os", "System"),
    Column::new("state", "State"),
    Column::new("latest", "Latest"),
    Column::new("versions", "Versions").end(),
    Column::new("triple", "Publisher / offer / SKU"),
];

/// The page of a gallery.
#[component]
pub fn GalleryPage() -> impl IntoView {
    let id = ssr::id("gallery");
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let gallery = services.gallery_get(&op, id?).await?;
        let part = Part::of(&query);
        let region = region_name(&services.settings().regions, &gallery.meta.location);
        let scope = gallery.meta.resource_id.clone();
        let matter = match part {
            Part::Own("settings") => {
                let usages = queries::usages(&services, &op, &gallery).await?;
                let may_write = op.may(Action::GalleryWrite, scope.as_str());
                let may_delete = op.may(Action::GalleryDelete, scope.as_str());
                let gallery = gallery.clone();
                let retention = services.settings().retention_days;
                view! { <GallerySettings gallery usages retention region=region.clone() may_write may_delete /> }.into_any()
            }
            Part::Own("cost") => view! { <CostPanel scope=scope.clone() /> }.into_any(),
            Part::Own(_) | Part::Overview => {
                let images = services
                    .image_list(&op, gallery.meta.id, &query.page_request())
                    .await?;
                let kept = TargetRegion::new(gallery.meta.location.clone(), 1);
                let monthly =
                    cost::monthly(gallery.stored_bytes, &[kept], &services.settings().prices)
                        .told();
                let may_upload = op.may(Action::VersionWrite, scope.as_str());
                view! { <Overview gallery=gallery.clone() images query=query.clone() monthly may_upload /> }.into_any()
            }
            shared => parts::shared(shared, &scope),
        };
        let may_define = op.may(Action::ImageWrite, scope.as_str());
        let may_upload = op.may(Action::VersionWrite, scope.as_str());
        Ok(view! { <Gallery gallery region part may_define may_upload>{matter}</Gallery> })
    })
}

#[component]
fn Gallery(
    gallery: GalleryView,
    region: String,
    part: Part,
    may_define: bool,
    may_upload: bool,
    children: Children,
) -> impl IntoView {
    let base = format!("/images/{}", gallery.meta.id);
    let actions = view! {
        {may_define.then(|| view! { <LinkButton href=format!("{base}/new") icon=Glyph::Plus>"New image definition"</LinkButton> })}
        {may_upload
            .then(|| {
                view! { <LinkButton href=format!("{base}/upload") kind=Kind::Primary icon=Glyph::Upload>"Upload an image"</LinkButton> }
            })}
    }
    .into_any();
    let tabs = vec![
        Tab::new(base.clone(), "Overview").count(gallery.image_count),
        Tab::new(format!("{base}?tab=cost"), "Cost"),
        Tab::new(format!("{base}?tab=settings"), "Settings"),
    ];
    let intro = Some(gallery.description).filter(|text| !text.is_empty());
    let scope = gallery.meta.resource_id.clone();
    let mark = view! { <Badge>{region}</Badge> <SharedBy scope /> }.into_any();
    view! {
        <Page title=gallery.meta.name crumbs=vec![Crumb::new("/images", "Images")] mark actions intro>
            {parts::tabs(&base, tabs, part)}
            {children()}
        </Page>
    }
}

#[component]
fn Overview(
    gallery: GalleryView,
    images: Rows<ImageView>,
    query: Query,
    monthly: String,
    may_upload: bool,
) -> impl IntoView {
    let base = format!("/images/{}", gallery.meta.id);
    let empty = images
        .items
        .is_empty()
        .then(|| nothing(&query, &base, may_upload));
    let foot = (images.total > 0).then(|| {
        let (shown, total, next) = (images.items.len(), images.total, images.next);
        view! { <Pager query=query.clone() shown total next one="image definition" what="image definitions" /> }.into_any()
    });
    let rows = images
        .items
        .into_iter()
        .map(|image| row(&base, image))
        .collect_view();
    view! {
        <Stats>
            <Stat label="Image definitions" value=gallery.image_count.to_string() />
            <Stat label="Versions" value=gallery.version_count.to_string() />
            <Stat label="Stored" value=DiskSize::from_bytes(gallery.stored_bytes).to_string() note="in all copies" />
            <Stat label="Storage" value=monthly note="a month, estimated" />
        </Stats>
        <section class="section">
            <div>
                <Toolbar query=query.clone() search="Find an image definition" />
                <Table label="Image definitions" columns=COLUMNS.to_vec() query empty foot>
                    {rows}
                </Table>
            </div>
        </section>
    }
    .into_any()
}

fn nothing(query: &Query, base: &str, may_upload: bool) -> AnyView {
    if query.get("q").is_some() {
        return view! { <EmptyState glyph=Glyph::Search title="No definition has this in its name" text="Search for another part of the name." /> }
            .into_any();
    }
    let upload = may_upload.then(|| {
        view! { <LinkButton href=format!("{base}/upload") kind=Kind::Primary icon=Glyph::Upload>"Upload an image"</LinkButton> }
    });
    view! {
        <EmptyState
            glyph=Glyph::Image
            title="Nothing in this gallery yet"
            text="Upload a disk, or export the template machine of one of your labs. Images that are too large for labs can be kept here too."
        >
            {upload}
            <LinkButton href="/labs">"Go to labs"</LinkButton>
        </EmptyState>
    }
    .into_any()
}

fn row(base: &str, image: ImageView) -> impl IntoView + use<> {
    let properties = image.properties;
    let ended = ended(&properties)
        .map(|violation| view! { <Badge tone=Tone::Warn title=violation.sentence()>"End of life"</Badge> });
    let href = format!("{base}/{}", image.meta.id);
    let triple = format!(
        "{} / {} / {}",
        properties.publisher, properties.offer, properties.sku
    );
    let latest = match image.latest {
        Some(version) => view! { <span class="num">{version.to_string()}</span> }.into_any(),
        None => view! { <span class="muted">"none"</span> }.into_any(),
    };
    view! {
        <tr>
            <Cell>
                <span class="row"><a class="cell-title" href=href>{image.meta.name}</a> {ended}</span>
                <span class="cell-note">{properties.description}</span>
            </Cell>
            <Cell label="System">{properties.os_type.to_string()}</Cell>
            <Cell label="State"><Badge>{properties.os_state.to_string()}</Badge></Cell>
            <Cell label="Latest">{latest}</Cell>
            <Cell label="Versions" end=true>{image.version_count}</Cell>
            <Cell label="Publisher / offer / SKU"><span class="small">{triple}</span></Cell>
        </tr>
    }
}
