//! Two versions of a definition side by side: what differs stands out.

use domain::image::{ImageView, VersionView};
use domain::region::Regions;
use domain::{DiskSize, PageRequest, Problem};
use leptos::prelude::*;
use uuid::Uuid;

use crate::features::parts;
use crate::features::typed::{day_text, region_name};
use crate::ssr;
use crate::ui::{
    Badge, Cell, Choice, Column, Crumb, Page, Query, Select, SubmitButton, Table, Tone,
};

/// The page that compares two versions.
#[component]
pub fn ComparePage() -> impl IntoView {
    let (gallery, id) = (ssr::id("gallery"), ssr::id("image"));
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let image = services.image_get(&op, id?).await?;
        if image.gallery != gallery? {
            return Err(Problem::not_found("The image definition").into());
        }
        let all = PageRequest {
            limit: 1000,
            ..PageRequest::default()
        };
        let versions = services.version_list(&op, image.meta.id, &all).await?.items;
        let regions = services.settings().regions.clone();
        Ok(view! { <Compare image versions query regions /> })
    })
}

#[component]
fn Compare(
    image: ImageView,
    versions: Vec<VersionView>,
    query: Query,
    regions: Regions,
) -> impl IntoView {
    let chosen = |key: &str, at: usize| {
        let named: Option<Uuid> = query.get(key).and_then(|id| id.parse().ok());
        let found = versions
            .iter()
            .find(|version| Some(version.meta.id) == named);
        found.or_else(|| versions.get(at)).cloned()
    };
    let (left, right) = (chosen("a", 0), chosen("b", 1));
    let choices: Vec<Choice> = versions
        .iter()
        .map(|version| Choice::new(version.meta.id.to_string(), version.version.to_string()))
        .collect();
    let key = |version: &Option<VersionView>| version.as_ref().map(|v| v.meta.id.to_string());
    let (a, b) = (key(&left), key(&right));
    let crumbs = vec![
        Crumb::new("/images", "Images"),
        parts::gallery_crumb(image.gallery, &image.gallery_name, &image.meta.resource_id),
        Crumb::new(
            format!("/images/{}/{}", image.gallery, image.meta.id),
            image.meta.name.clone(),
        ),
    ];
    let matter = match (left, right) {
        (Some(left), Some(right)) => {
            view! { <Sides left right regions query=query.clone() /> }.into_any()
        }
        _ => view! { <p>"There are not two versions yet."</p> }.into_any(),
    };
    let path = query.path().to_owned();
    view! {
        <Page title="Compare versions" crumbs intro="What differs is marked.">
            <div class="stack">
                <form class="form-row" method="get" action=path>
                    <Select name="a" label="This version" choices=choices.clone() value=a />
                    <Select name="b" label="With this one" choices value=b />
                    <div class="form-actions"><SubmitButton>"Compare"</SubmitButton></div>
                </form>
                {matter}
            </div>
        </Page>
    }
}

const COLUMNS: [Column; 4] = [
    Column::new("what", "Property"),
    Column::new("left", "This version"),
    Column::new("right", "With this one"),
    Column::new("differs", "Differs").hidden(),
];

#[component]
fn Sides(left: VersionView, right: VersionView, regions: Regions, query: Query) -> impl IntoView {
    let (a, b) = (facts(&left, &regions), facts(&right, &regions));
    let rows = a.into_iter().zip(b).map(|((what, left), (_, right))| {
        let differs = left != right;
        let mark = differs.then(|| view! { <Badge tone=Tone::Warn>"Differs"</Badge> });
        view! {
            <tr>
                <Cell><strong>{what}</strong></Cell>
                <Cell label="This version">{left}</Cell>
                <Cell label="With this one">{right}</Cell>
                <Cell>{mark}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Table label="Two versions side by side" columns=COLUMNS.to_vec() query=query.plain()>
            {rows}
        </Table>
    }
}

/// Everything that two versions of a definition can differ in, in words.
fn facts(version: &VersionView, regions: &Regions) -> Vec<(&'static str, String)> {
    let places: Vec<String> = version
        .regions
        .iter()
        .map(|status| {
            let name = region_name(regions, &status.region);
            format!("{name}: {} × {}", status.replicas, status.storage)
        })
        .collect();
    let tags: Vec<String> = version
        .meta
        .tags
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let yes_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let or_none = |text: String| {
        if text.is_empty() {
            "none".to_owned()
        } else {
            text
        }
    };
    vec![
        ("Number", version.version.to_string()),
        ("State", version.state.to_string()),
        (
            "Created",
            version
                .meta
                .created_at
                .format("%-d %B %Y, %H:%M UTC")
                .to_string(),
        ),
        ("Created by", version.meta.created_by.clone()),
        ("OS disk", version.os_disk.to_string()),
        (
            "Occupied",
            DiskSize::from_bytes(version.occupied_bytes).to_string(),
        ),
        ("Disks", version.disk_count.to_string()),
        ("Regions", or_none(places.join("; "))),
        ("Excluded from latest", yes_no(version.exclude_from_latest)),
        ("End of life", or_none(day_text(version.end_of_life))),
        ("Usable for labs", yes_no(version.lab_barriers.is_empty())),
        ("Tags", or_none(tags.join(", "))),
        ("Checksum (SHA-256)", or_none(version.checksum.clone())),
    ]
}
