//! “Shared with me”: what is open to the caller beside the galleries of their own organisation. Rules A58, A59.

use domain::ResourceId;
use domain::region::Regions;
use domain::share::SharedView;
use leptos::prelude::*;

use crate::features::search::Named;
use crate::features::typed::region_name;
use crate::ssr;
use crate::ui::{
    Badge, Cell, Column, Crumb, EmptyState, Glyph, LinkButton, Page, Query, Table, Tone,
};

const COLUMNS: [Column; 5] = [
    Column::new("name", "Name"),
    Column::new("kind", "What"),
    Column::new("owner", "Organisation"),
    Column::new("location", "Region"),
    Column::new("actions", "Actions").hidden(),
];

/// Galleries, definitions and versions of others, and single definitions of the own organisation.
#[component]
pub fn SharedPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let shared = services.shared_list(&op).await?;
        let regions = services.settings().regions.clone();
        Ok(view! { <Shared shared regions query /> })
    })
}

#[component]
fn Shared(shared: Vec<SharedView>, regions: Regions, query: Query) -> impl IntoView {
    let empty = shared.is_empty().then(|| {
        let text = "When another organisation shares an image and an administrator here accepts it, it stands here. So do image definitions that are shared with you without their gallery.";
        view! { <EmptyState glyph=Glyph::Link title="Nothing is shared with you" text /> }.into_any()
    });
    let rows = shared
        .into_iter()
        .map(|one| row(one, &regions))
        .collect_view();
    view! {
        <Page
            title="Shared with me"
            crumbs=vec![Crumb::new("/images", "Images")]
            intro="Images that you may read and make labs from, though they lie in no gallery of yours."
        >
            <Table label="Shared with me" columns=COLUMNS.to_vec() query empty>
                {rows}
            </Table>
        </Page>
    }
}

fn row(shared: SharedView, regions: &Regions) -> AnyView {
    let named = Named::of(shared.resource_id.as_str());
    let of = format!(" to {}", named.name);
    // A gallery has many images; access is tested from each of them.
    let test = (shared.owner_name.is_some() && shared.resource_id.segment("images").is_some())
        .then(|| {
            view! {
                <LinkButton href=way_to(&shared.resource_id) small=true>
                    "Test access" <span class="visually-hidden">{of}</span>
                </LinkButton>
            }
        });
    let region = region_name(regions, &shared.location);
    let owner = match shared.owner_name {
        Some(name) => view! { <Badge tone=Tone::Accent>{name}</Badge> }.into_any(),
        None => "Your own".into_any(),
    };
    view! {
        <tr>
            <Cell>
                <a class="cell-title" href=format!("/images/{}", shared.path)>{named.name}</a>
                <span class="cell-note">{shared.description}</span>
            </Cell>
            <Cell label="What">{named.kind}</Cell>
            <Cell label="Organisation">{owner}</Cell>
            <Cell label="Region">{region}</Cell>
            <Cell><div class="cell-actions">{test}</div></Cell>
        </tr>
    }
    .into_any()
}

/// The page that tests the way from this image to a lab.
pub(crate) fn way_to(image: &ResourceId) -> String {
    let id: String = url::form_urlencoded::byte_serialize(image.as_str().as_bytes()).collect();
    format!("/images/shared/test?image={id}")
}

/// Says at the head of a page that the resource belongs to another organisation; nothing for the own one's.
#[component]
pub fn SharedBy(scope: ResourceId) -> impl IntoView {
    let is_abroad = ssr::op().is_ok_and(|op| op.is_abroad(&scope.key()));
    is_abroad.then(|| view! { <Badge tone=Tone::Accent>"Shared with you"</Badge> })
}
