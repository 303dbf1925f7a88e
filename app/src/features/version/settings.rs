//! What of a version can be changed, and its end. Rules A52, A68.

use domain::DiskSize;
use domain::cost::{self, Prices};
use domain::image::{TargetRegion, VersionView};
use domain::region::Regions;
use leptos::prelude::*;

use super::actions::{VersionDelete, VersionUpdate};
use crate::features::typed::day_text;
use crate::ui::{
    Callout, Card, ConfirmForm, DialogButton, Field, FormErrors, FormState, Glyph, Hidden, Kind,
    PostForm, ServerFn, SubmitButton, Switch, TextInput, Tone,
};

/// Regions and numbers of copies, exclusion from latest, end of life; and deleting.
#[component]
pub fn VersionSettings(
    version: VersionView,
    regions: Regions,
    prices: Prices,
    /// Copies that a region may have at the most. Rule A41.
    most: u32,
    may_write: bool,
    may_delete: bool,
) -> impl IntoView {
    let edit = may_write.then(|| edit(&version, &regions, most));
    let end = may_delete.then(|| end(&version));
    let one = TargetRegion {
        region: version.meta.location.clone(),
        replicas: 1,
    };
    let other = TargetRegion {
        region: String::new(),
        replicas: 1,
    };
    let monthly = cost::monthly(version.occupied_bytes, std::slice::from_ref(&one), &prices).told();
    let once = cost::egress(
        version.occupied_bytes,
        &one.region,
        &[one.clone(), other],
        &prices,
    )
    .told();
    view! {
        <div class="columns">
            <div class="stack">{edit} {end}</div>
            <Card title="What a copy costs">
                <p>
                    <strong>{monthly}</strong> " a month for each copy of "
                    {DiskSize::from_bytes(version.occupied_bytes).to_string()} "."
                </p>
                <p><strong>{once}</strong> " once, to send the first copy to another region."</p>
                <p class="small muted">"Advice: one copy for every 20 machines that are created at once; the newest version everywhere, older ones in one region."</p>
            </Card>
        </div>
    }
    .into_any()
}

fn edit(version: &VersionView, regions: &Regions, most: u32) -> impl IntoView + use<> {
    let state = FormState::of::<VersionUpdate>();
    let is_busy = version.job.is_some();
    let counts = regions.0.iter().map(|region| {
        let field = format!("replicas[{}]", region.name);
        let wanted = version
            .regions
            .iter()
            .find(|status| status.region == region.name)
            .map_or(0, |status| status.replicas);
        let is_source = region.name == version.meta.location;
        let label = if is_source {
            format!("{} (source)", region.display_name)
        } else {
            region.display_name.clone()
        };
        view! {
            <TextInput
                name=field.clone()
                label
                kind="number"
                min=if is_source { "1" } else { "0" }
                max=most.to_string()
                value=state.value_or(&field, wanted.to_string())
            />
        }
    });
    let counts = counts.collect_view();
    let (id, excluded) = (version.meta.id.to_string(), version.exclude_from_latest);
    let end_of_life = day_text(version.end_of_life);
    let busy = is_busy.then(|| {
        view! { <Callout tone=Tone::Info title="Another operation works on this version. Its regions can be changed when that is over." /> }
    });
    view! {
        <Card title="Regions and settings">
            <FormErrors state=state.clone() />
            {busy}
            <PostForm action=VersionUpdate::url()>
                <Hidden name="id" value=id />
                <Field
                    name="targetRegions"
                    label="Copies in each region"
                    error=state.error("targetRegions")
                    hint=format!("0 for none, {most} at the most. The source region keeps one at least.")
                >
                    <div class="form-row" id="targetRegions">{counts}</div>
                </Field>
                <Switch
                    name="exclude_from_latest"
                    label="Exclude from latest"
                    hint="“latest” then passes over this version."
                    checked=state.ticked("exclude_from_latest", excluded)
                />
                <TextInput
                    name="end_of_life"
                    label="End of life"
                    kind="date"
                    optional=true
                    value=state.value_or("end_of_life", end_of_life)
                    error=state.error("endOfLife")
                    hint="From this day on (UTC) no machine can be created from the version."
                />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Save"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
}

fn end(version: &VersionView) -> impl IntoView + use<> {
    let refused = version
        .job
        .map(|_| "Another operation works on this version.".to_owned());
    let (id, image) = (version.meta.id.to_string(), version.image_name.clone());
    let name = version.version.to_string();
    view! {
        <Card title="Delete the version">
            <FormErrors state={FormState::of::<VersionDelete>()} />
            <p>"All its copies are deleted. A version that machines still depend on can't be deleted."</p>
            <div class="row">
                <DialogButton dialog="delete" kind=Kind::Danger icon=Glyph::Trash refused>"Delete version"</DialogButton>
            </div>
        </Card>
        <ConfirmForm
            id="delete"
            title="Delete this version?"
            action=VersionDelete::url()
            fields=vec![("id", id)]
            verb="Delete version"
            typed=name.clone()
        >
            <p>"Version "{name}" of “"{image}"” and all its copies are deleted. This can't be undone."</p>
        </ConfirmForm>
    }
}
