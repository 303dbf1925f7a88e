//! The picker of a new lab's image: gallery and base images in one list. Rules B19, B20, A30-A35.

use domain::catalog::{CatalogImage, CatalogSource};
use domain::image::OsState;
use domain::region::Regions;
use domain::{DiskSize, ResourceId};
use leptos::prelude::*;

use crate::ui::{Badge, FormState, Glyph, Icon, RadioCard, RadioCards, Tone};

/// The images whose name, description or system contains the text.
pub(super) fn matching<'a>(
    images: &'a [CatalogImage],
    wanted: Option<&str>,
) -> Vec<&'a CatalogImage> {
    let wanted = wanted.unwrap_or_default().to_lowercase();
    let says = |image: &CatalogImage| {
        format!("{} {} {:?}", image.name, image.description, image.os_type).to_lowercase()
    };
    images
        .iter()
        .filter(|image| says(image).contains(&wanted))
        .collect()
}

/// The search field and the cards. The field belongs to a form of its own, `image-search-form`, for pages without script.
#[component]
pub(super) fn ImagePicker(
    images: Vec<CatalogImage>,
    regions: Regions,
    state: FormState,
    /// What was searched for.
    wanted: Option<String>,
) -> impl IntoView {
    let all = images.len();
    let shown = matching(&images, wanted.as_deref());
    let chosen = state
        .value("image")
        .or_else(|| (shown.len() == 1).then(|| shown[0].id.to_string()));
    let nothing = shown.is_empty().then(|| {
        let text = if all == 0 {
            "The plan offers no image now. A lab administrator can switch images on in the lab plan, or upload one to its gallery."
        } else {
            "No image matches the search."
        };
        view! { <p class="muted">{text}</p> }
    });
    let cards = shown
        .into_iter()
        .map(|image| card(image, &regions, chosen.as_deref()))
        .collect_view();
    let search = (all > 1).then(|| {
        view! {
            <div class="search">
                <Icon glyph=Glyph::Search />
                <input
                    class="input"
                    type="search"
                    id="image-search"
                    name="q"
                    form="image-search-form"
                    value=wanted
                    placeholder="Search images"
                    aria-label="Search images"
                />
            </div>
        }
    });
    view! {
        {search}
        <RadioCards name="image" legend="Image" list=true error=state.error("image")>
            {cards}
            {nothing}
        </RadioCards>
    }
    .into_any()
}

fn card(image: &CatalogImage, regions: &Regions, chosen: Option<&str>) -> AnyView {
    let id = image.id.to_string();
    let checked =
        chosen == Some(id.as_str()) || chosen.is_some_and(|text| same(&image.resource_id, text));
    let from = match image.source {
        CatalogSource::Gallery => "Gallery",
        CatalogSource::Shared => "Shared with you",
        CatalogSource::Base => "Base image",
    };
    let (state, tone) = match image.os_state {
        OsState::Generalized => ("Generalized", Tone::Neutral),
        OsState::Specialized => ("Specialized", Tone::Accent),
    };
    let size = format!(
        "{} disk, {} occupied",
        image.os_disk,
        DiskSize::from_bytes(image.occupied_bytes)
    );
    let names: Vec<&str> = image
        .ready_regions
        .iter()
        .map(|name| {
            regions
                .find(name)
                .map_or(name.as_str(), |r| r.display_name.as_str())
        })
        .collect();
    let ready = format!("Ready in {}", names.join(", "));
    let hint = Some(image.description.clone()).filter(|text| !text.is_empty());
    let class = if image.os_state == OsState::Specialized {
        "picked-specialized"
    } else {
        "picked-generalized"
    };
    let title = format!("{} {}", image.name, image.version);
    let os = format!("{:?}", image.os_type);
    view! {
        <RadioCard name="image" value=id title hint checked>
            <span class=class></span>
            <Badge>{from}</Badge>
            <Badge>{os}</Badge>
            <Badge tone>{state}</Badge>
            <Badge>{size}</Badge>
            <Badge tone=Tone::Ok>{ready}</Badge>
        </RadioCard>
    }
    .into_any()
}

fn same(id: &ResourceId, text: &str) -> bool {
    id.as_str().eq_ignore_ascii_case(text)
}
