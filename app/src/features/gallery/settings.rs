//! What of a gallery can be changed, how much of the limits is used, and its end.

use domain::gallery::{GalleryView, RETENTION_MAX_DAYS, Usage};
use leptos::prelude::*;

use super::actions::{GalleryDelete, GalleryUpdate};
use super::fields::GalleryFields;
use crate::ui::{
    Card, ConfirmForm, DialogButton, FormErrors, FormState, Glyph, Hidden, Kind, Meter, PostForm,
    ServerFn, SubmitButton, Switch, TextInput,
};

/// The settings of a gallery. Rules A43, A66.
#[component]
pub fn GallerySettings(
    gallery: GalleryView,
    usages: Vec<Usage>,
    /// Days that deleted versions are kept unless the gallery names a number.
    retention: u32,
    /// The region's name for people.
    region: String,
    may_write: bool,
    may_delete: bool,
) -> impl IntoView {
    let meters = meters(usages);
    let edit = may_write.then(|| {
        let state = FormState::of::<GalleryUpdate>();
        let (id, stored) = (gallery.meta.id.to_string(), Some(gallery.clone()));
        let policy = gallery.soft_delete;
        let days = policy.retention_days.map(|days| days.to_string());
        let days = days.unwrap_or_default();
        view! {
            <Card title="Properties">
                <FormErrors state=state.clone() />
                <PostForm action=GalleryUpdate::url()>
                    <Hidden name="id" value=id />
                    <GalleryFields state=state.clone() stored />
                    <Switch
                        name="soft_delete"
                        label="Keep deleted versions for a while"
                        hint="A version that is deleted can then be restored. Its copies are kept, and cost what they cost before."
                        checked=state.ticked("soft_delete", policy.enabled)
                    />
                    <TextInput
                        name="retention_days"
                        label="Days that they are kept"
                        kind="number"
                        optional=true
                        min="1"
                        max=RETENTION_MAX_DAYS.to_string()
                        value=state.value_or("retention_days", days)
                        error=state.error("retentionPeriodInDays")
                        hint=format!("{retention} when left empty.")
                    />
                    <div class="form-actions">
                        <SubmitButton kind=Kind::Primary>"Save"</SubmitButton>
                    </div>
                </PostForm>
            </Card>
        }
    });
    let end = may_delete.then(|| end(&gallery));
    view! {
        <div class="columns">
            <div class="stack">{edit} {end}</div>
            <Card title=format!("Limits in {region}")>
                {meters}
                <p class="small muted">"What you see of the subscription, counted against its limits in this region."</p>
            </Card>
        </div>
    }
    .into_any()
}

/// A bar for each limit. Rule A43.
#[must_use]
pub fn meters(usages: Vec<Usage>) -> AnyView {
    let meter = |Usage {
                     label, used, limit, ..
                 }: Usage| {
        view! { <Meter label used limit note=format!("{used} of {limit}") /> }
    };
    usages.into_iter().map(meter).collect_view().into_any()
}

fn end(gallery: &GalleryView) -> impl IntoView + use<> {
    let refused = (gallery.image_count > 0).then(|| {
        format!(
            "It still holds {} image definitions. Delete them first.",
            gallery.image_count
        )
    });
    let says = refused.clone().unwrap_or_else(|| {
        "Only an empty gallery that no lab plan has attached can be deleted.".to_owned()
    });
    let (id, name) = (gallery.meta.id.to_string(), gallery.meta.name.clone());
    view! {
        <Card title="Delete the gallery">
            <FormErrors state={FormState::of::<GalleryDelete>()} />
            <p>{says}</p>
            <div class="row">
                <DialogButton dialog="delete" kind=Kind::Danger icon=Glyph::Trash refused>"Delete gallery"</DialogButton>
            </div>
        </Card>
        <ConfirmForm
            id="delete"
            title="Delete this gallery?"
            action=GalleryDelete::url()
            fields=vec![("id", id)]
            verb="Delete gallery"
        >
            <p>"The gallery “"{name}"” and the roles given at it are deleted."</p>
        </ConfirmForm>
    }
}
