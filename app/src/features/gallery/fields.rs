//! The fields that a new gallery and a changed one have in common.

use domain::gallery::GalleryView;
use leptos::prelude::*;

use crate::features::typed::tags_text;
use crate::ui::{FormState, TextArea};

/// Description and tags. Rules A21, A66.
#[component]
pub fn GalleryFields(
    state: FormState,
    #[prop(optional_no_strip)] stored: Option<GalleryView>,
) -> impl IntoView {
    let (description, tags) = stored
        .map(|gallery| (gallery.description, tags_text(&gallery.meta.tags)))
        .unwrap_or_default();
    view! {
        <TextArea
            name="description"
            label="Description"
            optional=true
            maxlength=1000
            rows=3
            value=state.value_or("description", description)
            error=state.error("description")
            hint="What the gallery is for, in up to 1,000 characters."
        />
        <TextArea
            name="tags"
            label="Tags"
            optional=true
            rows=3
            value=state.value_or("tags", tags)
            error=state.error("tags")
            hint="One a line, as key=value."
        />
    }
}
