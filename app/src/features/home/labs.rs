//! The labs that a person runs, as tiles.

use domain::lab::LabView;
use leptos::prelude::*;

use crate::features::lab::LabState;
use crate::features::typed::region_name;
use crate::ssr;
use crate::ui::{Section, Tile};

/// The visitor's newest labs, and the way to all of them.
#[component]
pub(super) fn Labs(labs: Vec<LabView>, total: u64) -> impl IntoView {
    (!labs.is_empty()).then(|| {
        let actions =
            view! { <a class="small" href="/labs">{format!("All labs ({total})")}</a> }.into_any();
        let tiles = labs.into_iter().map(tile).collect_view();
        view! {
            <Section title="My labs" actions>
                <div class="grid-tiles">{tiles}</div>
            </Section>
        }
    })
}

fn tile(lab: LabView) -> AnyView {
    let regions = ssr::services()
        .ok()
        .map(|services| services.settings().regions.clone())
        .unwrap_or_default();
    let (href, title) = (format!("/labs/{}", lab.meta.id), lab.title.clone());
    let image = format!("{} {}", lab.image.name, lab.image.version);
    let region = region_name(&regions, &lab.meta.location);
    let description = lab.description.clone();
    let mark = view! { <LabState lab /> }.into_any();
    view! {
        <Tile href title mark>
            <p class="small">{description}</p>
            <p class="small muted">{image} " · " {region}</p>
        </Tile>
    }
    .into_any()
}
