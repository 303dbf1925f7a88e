//! Hits of the search, by kind.

use crate::ssr::SearchHit;
use domain::ResourceId;
use leptos::prelude::*;
use url::form_urlencoded;

use crate::ssr;
use crate::ui::{Card, EmptyState, Glyph, Icon, Page};

/// Kinds in the order in which they are shown, with what stands over them.
const KINDS: [(&str, &str, Glyph); 5] = [
    ("lab", "Labs", Glyph::Lab),
    ("image", "Image definitions", Glyph::Image),
    ("version", "Image versions", Glyph::Tag),
    ("gallery", "Galleries", Glyph::Gallery),
    ("plan", "Lab plans", Glyph::Plan),
];

/// What was found for the words in the address.
#[component]
pub fn SearchPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let text = query.get("q").unwrap_or_default().trim().to_owned();
        let hits = services.search(&op, &text).await?;
        let intro = match hits.len() {
            0 => None,
            1 => Some(format!("One resource has “{text}” in its name.")),
            n => Some(format!("{n} resources have “{text}” in their names.")),
        };
        Ok(view! {
            <Page title="Search" intro narrow=true>
                {if hits.is_empty() { nothing(&text) } else { found(&hits) }}
            </Page>
        })
    })
}

fn nothing(text: &str) -> AnyView {
    if text.is_empty() {
        let text = "Type a part of a name into the search above: of a lab, an image, a version, a gallery or a lab plan.";
        view! { <EmptyState glyph=Glyph::Search title="What are you looking for?" text /> }
            .into_any()
    } else {
        let title = format!("Nothing that you may see has “{text}” in its name");
        view! { <EmptyState glyph=Glyph::Search title text="Look for a shorter part of the name; upper and lower case are alike." /> }
            .into_any()
    }
}

fn found(hits: &[SearchHit]) -> AnyView {
    let groups = KINDS.into_iter().filter_map(|(kind, title, glyph)| {
        let of_kind: Vec<&SearchHit> = hits.iter().filter(|hit| hit.kind == kind).collect();
        (!of_kind.is_empty()).then(|| {
            let rows = of_kind
                .into_iter()
                .map(|hit| row(hit, glyph))
                .collect_view();
            view! { <Card title><ul class="lines">{rows}</ul></Card> }
        })
    });
    view! { <div class="stack search-hits">{groups.collect_view()}</div> }.into_any()
}

fn row(hit: &SearchHit, glyph: Glyph) -> AnyView {
    view! {
        <li class="line">
            <Icon glyph />
            <a class="line-title" href=address(hit)>{hit.name.clone()}</a>
            <span class="small muted">{hit.detail.clone()}</span>
        </li>
    }
    .into_any()
}

/// Where the hit's page is; what lies in a gallery is led to by its id.
fn address(hit: &SearchHit) -> String {
    match hit.kind.as_str() {
        "lab" => format!("/labs/{}", hit.id),
        "plan" => format!("/plans/{}", hit.id),
        "gallery" => format!("/images/{}", hit.id),
        _ => by_id(&hit.resource_id),
    }
}

fn by_id(id: &ResourceId) -> String {
    let id: String = form_urlencoded::byte_serialize(id.as_str().as_bytes()).collect();
    format!("/resource?id={id}")
}
