//! What of a version can be changed, and its end. Rules A52, A68.

use domain::DiskSize;
use domain::cost::{self, Prices};
use domain::image::{
    MACHINES_PER_COPY, SET_MACHINES_PER_COPY, StorageType, TargetRegion, VersionView,
    copies_for_machines,
};
use domain::region::{Region, Regions};
use leptos::prelude::*;

use super::actions::{VersionDelete, VersionScale, VersionUpdate};
use super::queries;
use crate::features::cost::warn_of_change;
use crate::features::typed::day_text;
use crate::ui::{
    Callout, Card, Choice, ConfirmForm, DialogButton, Field, FormErrors, FormState, Glyph, Hidden,
    Kind, PostForm, Select, ServerFn, SubmitButton, Switch, TextInput, Tone,
};

const GONE: &str =
    "All its copies are deleted. A version that machines still depend on can't be deleted.";
const KEPT: &str = "It is kept for a while and can be restored until then; its copies go on costing what they cost. A version that machines still depend on can't be deleted.";

/// What the settings of a version are drawn from.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The regions of the installation.
    pub regions: Regions,
    /// The operator's prices.
    pub prices: Prices,
    /// Copies that a region may have at the most. Rule A41.
    pub most: u32,
    /// Regions that the form was asked to tell the cost of.
    pub asked: Option<Vec<TargetRegion>>,
    /// Machines that are expected at once.
    pub machines: Option<u32>,
    /// Whether the gallery keeps deleted versions.
    pub is_kept: bool,
    pub may_write: bool,
    pub may_delete: bool,
}

/// Regions, kinds of stores and numbers of copies, exclusion from latest, end of life; and deleting.
#[component]
pub fn VersionSettings(version: VersionView, settings: Settings) -> impl IntoView {
    let edit = settings.may_write.then(|| edit(&version, &settings));
    let scale = settings.may_write.then(|| scale(&version, &settings));
    let end = settings.may_delete.then(|| end(&version, settings.is_kept));
    let prices = &settings.prices;
    let one = TargetRegion::new(version.meta.location.clone(), 1);
    let other = TargetRegion::new(String::new(), 1);
    let monthly = cost::monthly(version.occupied_bytes, std::slice::from_ref(&one), prices).told();
    let both = [one.clone(), other];
    let once = cost::egress(version.occupied_bytes, &one.region, &both, prices).told();
    view! {
        <div class="columns">
            <div class="stack">{edit} {end}</div>
            <div class="stack">
                {scale}
                <Card title="What a copy costs">
                    <p>
                        <strong>{monthly}</strong> " a month for each copy of "
                        {DiskSize::from_bytes(version.occupied_bytes).to_string()} "."
                    </p>
                    <p><strong>{once}</strong> " once, to send the first copy to another region."</p>
                    <p class="small muted">"Advice: the newest version everywhere, older ones in one region."</p>
                </Card>
            </div>
        </div>
    }
    .into_any()
}

/// How many copies the machines that are expected at once need, with a button that applies it. Rules A47-A49.
fn scale(version: &VersionView, settings: &Settings) -> impl IntoView + use<> {
    let state = FormState::of::<VersionScale>();
    let (address, id) = (queries::address(version), version.meta.id.to_string());
    let machines = settings.machines.map(|n| n.to_string());
    let refused = version
        .job
        .map(|_| "Another operation works on this version.".to_owned());
    let most = settings.most;
    let advice = settings.machines.map(|machines| {
        let copies = copies_for_machines(machines);
        let beyond = (copies > most).then(|| {
            view! { <p>{format!("A region may have {most} copies at the most; spread the rest over regions, or create fewer machines at once.")}</p> }
        });
        let applied = copies.min(most);
        let verb = format!("Keep {applied} copies in every region");
        view! {
            <p id="advice">
                <strong>{copies}" copies"</strong>
                {format!(" in the region in which they are created: one for every {MACHINES_PER_COPY} machines, and one to spare.")}
            </p>
            {beyond}
            <PostForm action=VersionScale::url()>
                <Hidden name="id" value=id />
                <Hidden name="machines" value=machines.to_string() />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary refused>{verb}</SubmitButton>
                </div>
            </PostForm>
        }
    });
    view! {
        <Card title="How many copies?">
            <FormErrors state />
            <form class="form" method="get" action=address>
                <Hidden name="tab" value="settings" />
                <TextInput
                    name="machines"
                    label="Machines that you expect at once"
                    kind="number"
                    min="0"
                    max="100000"
                    value=machines
                    hint=format!("A scale set counts as one for every {SET_MACHINES_PER_COPY} machines in it.")
                />
                <div class="form-actions">
                    <SubmitButton>"Recommend"</SubmitButton>
                </div>
            </form>
            {advice}
        </Card>
    }
}

fn edit(version: &VersionView, settings: &Settings) -> impl IntoView + use<> {
    let state = FormState::of::<VersionUpdate>();
    let (regions, most) = (&settings.regions, settings.most);
    let counts = regions
        .0
        .iter()
        .map(|region| place(version, region, most, &state));
    let counts = counts.collect_view();
    let (id, excluded) = (version.meta.id.to_string(), version.exclude_from_latest);
    let end_of_life = day_text(version.end_of_life);
    let busy = version.job.is_some().then(|| {
        view! { <Callout tone=Tone::Info title="Another operation works on this version. Its regions can be changed when that is over." /> }
    });
    let now = queries::targets(version);
    let estimate = settings
        .asked
        .as_ref()
        .map(|asked| warn_of_change(version, &now, asked));
    let address = queries::address(version);
    view! {
        <Card title="Regions and settings">
            <FormErrors state=state.clone() />
            {busy}
            {estimate}
            <PostForm action=VersionUpdate::url()>
                <Hidden name="id" value=id />
                <Hidden name="tab" value="settings" />
                <Field
                    name="targetRegions"
                    label="Copies in each region"
                    error=state.error("targetRegions")
                    hint=format!("0 for none, {most} at the most. The source region keeps one at least.")
                >
                    <div class="stack" id="targetRegions">{counts}</div>
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
                    <button class="button" type="submit" formmethod="get" formaction=address formnovalidate=true>
                        "What would it cost?"
                    </button>
                </div>
            </PostForm>
        </Card>
    }
}

/// Number of copies and kind of store in one region. Rules A46, A50.
fn place(
    version: &VersionView,
    region: &Region,
    most: u32,
    state: &FormState,
) -> impl IntoView + use<> {
    let held = version
        .regions
        .iter()
        .find(|status| status.region == region.name);
    let wanted = held.map_or(0, |status| status.replicas);
    let kind = held.map_or_else(|| region.default_storage(), |status| status.storage);
    let is_source = region.name == version.meta.location;
    let label = if is_source {
        format!("{} (source)", region.display_name)
    } else {
        region.display_name.clone()
    };
    let (count, storage) = (
        format!("replicas[{}]", region.name),
        format!("storage[{}]", region.name),
    );
    let kinds: Vec<Choice> = StorageType::ALL
        .into_iter()
        .filter(|kind| !region.stores(*kind).is_empty())
        .map(|kind| Choice::new(kind.as_str(), kind.label()))
        .collect();
    let choice = if kinds.len() > 1 {
        let store = format!("Store in {}", region.display_name);
        let chosen = state.value_or(&storage, kind.as_str());
        view! { <Select name=storage label=store choices=kinds value=chosen /> }.into_any()
    } else {
        ().into_any()
    };
    view! {
        <div class="form-row">
            <TextInput
                name=count.clone()
                label
                kind="number"
                min=if is_source { "1" } else { "0" }
                max=most.to_string()
                value=state.value_or(&count, wanted.to_string())
            />
            {choice}
        </div>
    }
}

fn end(version: &VersionView, is_kept: bool) -> impl IntoView + use<> {
    let refused = version
        .job
        .map(|_| "Another operation works on this version.".to_owned());
    let (id, image) = (version.meta.id.to_string(), version.image_name.clone());
    let name = version.version.to_string();
    view! {
        <Card title="Delete the version">
            <FormErrors state={FormState::of::<VersionDelete>()} />
            <p>{if is_kept { KEPT } else { GONE }}</p>
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
            <p>"Version "{name}" of “"{image}"” is deleted. "{if is_kept { KEPT } else { "All its copies go, which can't be undone." }}</p>
        </ConfirmForm>
    }
}
