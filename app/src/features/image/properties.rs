//! The properties of a definition: those that can be changed, and those that can't. Rule A67.

use domain::image::ImageView;
use leptos::prelude::*;

use super::actions::{ImageDelete, ImageUpdate};
use super::facts::FixedFacts;
use super::form::ChangeableForm;
use super::inputs::ChangeableFields;
use super::judge::{Judge, Judged};
use crate::ui::{
    Card, ConfirmForm, DialogButton, FormErrors, FormState, Glyph, Hidden, Kind, PostForm,
    ServerFn, SubmitButton,
};

/// The form of what can be changed beside the facts that can't.
#[component]
pub fn ImageProperties(
    image: ImageView,
    /// The region's name for people.
    region: String,
    may_write: bool,
    may_delete: bool,
) -> impl IntoView {
    let edit = may_write.then(|| {
        let state = FormState::of::<ImageUpdate>();
        let (id, etag) = (image.meta.id.to_string(), image.meta.etag.clone());
        let proposed = ChangeableForm::of(&image.properties);
        view! {
            <Card title="Properties">
                <FormErrors state=state.clone() />
                <PostForm action=ImageUpdate::url() id="image-form">
                    <Hidden name="id" value=id />
                    <Hidden name="etag" value=etag />
                    <ChangeableFields state proposed />
                    <div class="form-actions">
                        <SubmitButton kind=Kind::Primary>"Save"</SubmitButton>
                    </div>
                </PostForm>
                <Judge form="image-form".to_owned() what=Judged::Image />
            </Card>
        }
    });
    let end = may_delete.then(|| end(&image));
    view! {
        <div class="columns">
            <div class="stack">{edit} {end}</div>
            <Card title="Fixed at creation">
                <FixedFacts properties=image.properties region />
                <p class="small muted">
                    "These decide what the versions are and how they are found, so they can't be changed. Create another definition instead."
                </p>
            </Card>
        </div>
    }
    .into_any()
}

fn end(image: &ImageView) -> impl IntoView + use<> {
    let refused = (image.version_count > 0).then(|| {
        format!(
            "It still holds {} versions. Delete them first.",
            image.version_count
        )
    });
    let says = refused
        .clone()
        .unwrap_or_else(|| "Only a definition without versions can be deleted.".to_owned());
    let (id, name) = (image.meta.id.to_string(), image.meta.name.clone());
    view! {
        <Card title="Delete the image definition">
            <FormErrors state={FormState::of::<ImageDelete>()} />
            <p>{says}</p>
            <div class="row">
                <DialogButton dialog="delete" kind=Kind::Danger icon=Glyph::Trash refused>"Delete image definition"</DialogButton>
            </div>
        </Card>
        <ConfirmForm
            id="delete"
            title="Delete this image definition?"
            action=ImageDelete::url()
            fields=vec![("id", id)]
            verb="Delete image definition"
        >
            <p>"The definition “"{name}"” and the roles given at it are deleted."</p>
        </ConfirmForm>
    }
}
