//! Which definition the uploaded disk becomes a version of.

use domain::image::{ImageView, OsState};
use domain::tenant::Meta;
use leptos::prelude::*;

use crate::features::image::facts::ended;
use crate::ui::{
    Badge, EmptyState, Glyph, Kind, LinkButton, RadioCard, RadioCards, SubmitButton, Tone,
};

/// Chooses a definition, or leads to the form that makes one.
#[component]
pub fn Choose(gallery: Meta, images: Vec<ImageView>, may_define: bool) -> impl IntoView {
    let Meta {
        id: gallery, name, ..
    } = gallery;
    let create = move |kind: Kind| {
        may_define.then(|| {
            let href = format!("/images/{gallery}/new?then=upload");
            view! { <LinkButton href kind icon=Glyph::Plus>"New image definition"</LinkButton> }
        })
    };
    if images.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Image
                title="First say what the image is"
                text="A version belongs to an image definition: its system, its state, and what it is for. This gallery has none yet."
            >
                {create(Kind::Primary)}
            </EmptyState>
        }
        .into_any();
    }
    let cards = images
        .into_iter()
        .enumerate()
        .map(|(index, image)| card(image, index == 0))
        .collect_view();
    view! {
        <form class="form" method="get" action=format!("/images/{gallery}/upload")>
            <RadioCards name="image" legend=format!("Image definition in {name}") list=true>
                {cards}
            </RadioCards>
            <div class="form-actions">
                <SubmitButton kind=Kind::Primary>"Continue"</SubmitButton>
                {create(Kind::Plain)}
            </div>
        </form>
    }
    .into_any()
}

fn card(image: ImageView, checked: bool) -> impl IntoView {
    let ended = ended(&image.properties)
        .map(|violation| view! { <Badge tone=Tone::Warn title=violation.sentence()>"End of life"</Badge> });
    let hint = match image.properties.os_state {
        OsState::Generalized => "New machines get their own name and a new account.",
        OsState::Specialized => "New machines keep the accounts and the computer name.",
    };
    let hint = Some(image.properties.description)
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| hint.to_owned());
    let latest = image.latest.map_or_else(
        || "No version yet".to_owned(),
        |latest| format!("Latest {latest}"),
    );
    view! {
        <RadioCard name="image" value=image.meta.id.to_string() title=image.meta.name hint checked>
            <Badge>{image.properties.os_type.to_string()}</Badge>
            <Badge>{image.properties.os_state.to_string()}</Badge>
            <Badge>{latest}</Badge>
            {ended}
        </RadioCard>
    }
}
