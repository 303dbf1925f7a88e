//! Copying a version into another definition, also of another gallery. Rules A7, A75.

use domain::ImageVersion;
use domain::image::{ImageView, VersionState, VersionView};
use domain::region::Regions;
use leptos::prelude::*;

use super::actions::VersionCopy;
use crate::features::image::judge::{Judge, Judged};
use crate::features::typed::region_choices;
use crate::ui::{
    Card, Choice, EmptyState, FormErrors, FormState, Glyph, Hidden, Kind, LinkButton, PostForm,
    Select, ServerFn, SubmitButton, TextInput,
};

/// The form that copies a version.
#[component]
pub fn CopyForm(
    version: VersionView,
    /// Definitions that can hold the copy.
    targets: Vec<ImageView>,
    regions: Regions,
) -> impl IntoView {
    if targets.is_empty() {
        let text = format!(
            "A copy goes into a definition of the same kind ({}, {}) in which you may add versions. Create one in the other gallery first.",
            version.os_type, version.os_state
        );
        return view! {
            <EmptyState glyph=Glyph::Copy title="No definition could hold a copy" text>
                <LinkButton href="/images">"Go to the galleries"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let state = FormState::of::<VersionCopy>();
    let proposed = targets[0]
        .latest
        .map_or(ImageVersion::FIRST, ImageVersion::next_patch);
    let is_ready = matches!(
        version.state,
        VersionState::Succeeded | VersionState::Updating
    );
    let refused = (!is_ready).then(|| "The version is not ready yet.".to_owned());
    let choices = targets.iter().map(|image| {
        let latest = image.latest.map_or_else(
            || "no version yet".to_owned(),
            |latest| format!("latest {latest}"),
        );
        Choice::new(
            image.meta.id.to_string(),
            format!("{} / {} ({latest})", image.gallery_name, image.meta.name),
        )
    });
    let choices = choices.collect::<Vec<_>>();
    view! {
        <Card title="Copy into another definition">
            <FormErrors state=state.clone() />
            <PostForm action=VersionCopy::url() id="copy-form">
                <Hidden name="id" value=version.meta.id.to_string() />
                <Select
                    name="image"
                    label="Gallery and definition"
                    choices
                    value=state.value("image")
                    error=state.error("image")
                />
                <div class="form-row">
                    <TextInput
                        name="version"
                        label="Version number"
                        live=true
                        value=state.value_or("version", proposed.to_string())
                        error=state.error("version")
                        hint="Major.Minor.Patch"
                    />
                    <Select
                        name="location"
                        label="Region"
                        choices=region_choices(&regions)
                        value=state.value_or("location", version.meta.location)
                        error=state.error("location")
                        hint="More regions can be added afterwards."
                    />
                </div>
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary icon=Glyph::Copy refused>"Copy version"</SubmitButton>
                </div>
            </PostForm>
            <Judge form="copy-form".to_owned() what=Judged::Version />
        </Card>
    }
    .into_any()
}
