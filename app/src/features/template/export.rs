//! The form that exports a template VM, with everything to know before. Rules B2, B3, B6, B7, B12, B17, A64, A65.

use domain::export::{ExportChoice, ExportPreview};
use domain::lab::LabView;
use domain::{DiskSize, Violation};
use leptos::prelude::*;

use super::actions::TemplateExport;
use super::form::JudgeExport;
use super::page::plan_link;
use crate::ssr;
use crate::ui::{
    Bytes, Callout, Card, Choice, Fact, Facts, FormErrors, FormState, Glyph, Hidden, Kind,
    PostForm, RadioCard, RadioCards, Select, ServerFn as _, SubmitButton, TextArea, TextInput,
    Tone,
};

/// What the export would make and cost, what speaks against it, and the form that begins it.
#[component]
pub(super) fn ExportForm(lab: LabView, preview: ExportPreview) -> impl IntoView {
    let state = FormState::of::<TemplateExport>();
    let taken = preview.taken.clone();
    let matter = match &preview.gallery {
        None => obstacles(&lab, &preview.obstacles),
        Some(gallery) => view! {
            <p>"Makes a specialized image in "<strong>{gallery.clone()}</strong>"."</p>
            {barriers(&preview.lab_barriers)}
            {stops(preview.stops_machine)}
            {figures(&preview)}
            {form(&lab, &preview, state)}
            <JudgeExport taken />
        }
        .into_any(),
    };
    view! { <Card title="Export to gallery" id="export">{matter}</Card> }.into_any()
}

fn obstacles(lab: &LabView, found: &[Violation]) -> AnyView {
    let list = found
        .iter()
        .map(|v| view! { <p>{v.sentence()}</p> })
        .collect_view();
    let link = plan_link(lab);
    view! {
        <Callout tone=Tone::Warn title="Nothing can be exported now">
            {list}
            {link}
        </Callout>
    }
    .into_any()
}

/// The verdict on the image before it is made: a warning, because the gallery takes it all the same. Rules B2, B3, E.
fn barriers(found: &[Violation]) -> Option<AnyView> {
    if found.is_empty() {
        return None;
    }
    let list = found
        .iter()
        .map(|v| view! { <li>{v.sentence()}</li> })
        .collect_view();
    Some(
        view! {
            <Callout tone=Tone::Warn title="No lab will be able to use this image">
                <ul>{list}</ul>
                <p>"You can export it all the same. It is marked in the gallery, and left out of the images for new labs, with this reason."</p>
            </Callout>
        }
        .into_any(),
    )
}

fn stops(is_running: bool) -> Option<AnyView> {
    is_running.then(|| {
        view! {
            <Callout title="The machine runs and is stopped first">
                <p>"Save what is open on it. It can be started again when the export is over."</p>
            </Callout>
        }
        .into_any()
    })
}

fn figures(preview: &ExportPreview) -> AnyView {
    let settings = ssr::services()
        .ok()
        .map(|services| services.settings().clone());
    let name = |short: &str| {
        let found = settings.as_ref().and_then(|s| s.regions.find(short));
        found.map_or_else(|| short.to_owned(), |region| region.display_name.clone())
    };
    let regions: Vec<String> = preview
        .targets
        .iter()
        .map(|target| match target.replicas {
            1 => name(&target.region),
            n => format!("{} ({n} copies)", name(&target.region)),
        })
        .collect();
    let transfer = (preview.egress.milli > 0).then(|| {
        format!(
            ", and {} once for the transfer between regions",
            preview.egress.told()
        )
    });
    let disks = (preview.disk_count > 1).then(|| format!(" and {} more", preview.disk_count - 1));
    let (os_disk, occupied) = (
        preview.os_disk,
        DiskSize::from_bytes(preview.occupied_bytes),
    );
    let cost = format!("about {} a month for all copies", preview.monthly.told());
    view! {
        <Facts>
            <Fact term="OS disk"><Bytes size=os_disk />{disks}</Fact>
            <Fact term="Each copy">"up to "<Bytes size=occupied /></Fact>
            <Fact term="Copies in">{regions.join(", ")}</Fact>
            <Fact term="Cost">{cost}{transfer}</Fact>
        </Facts>
    }
    .into_any()
}

fn form(lab: &LabView, preview: &ExportPreview, state: FormState) -> AnyView {
    let proposes_existing = state.value("target").as_deref() == Some("existing");
    let has_existing = !preview.existing.is_empty();
    let kinds = has_existing.then(|| {
        view! {
            <RadioCards name="target" legend="Export as">
                <RadioCard name="target" value="new" title="A new image" checked=!proposes_existing />
                <RadioCard name="target" value="existing" title="A new version of an image" hint="Labs created later get the newest version."
                    checked=proposes_existing />
            </RadioCards>
        }
    });
    let hidden = (!has_existing).then(|| view! { <Hidden name="target" value="new" /> });
    let proposed = state.value_or("name", lab.meta.name.clone());
    let is_taken = state.problem().is_none() && preview.taken.contains(&proposed.to_lowercase());
    let name = if is_taken { String::new() } else { proposed };
    let existing = has_existing.then(|| {
        let choices = preview.existing.iter().map(choice).collect();
        view! {
            <div class="export-existing">
                <Select name="existing" label="Image" choices value=state.value("existing") error=state.error("existing") />
            </div>
        }
    });
    let lab = lab.meta.id.to_string();
    view! {
        <PostForm id="export-form" action=TemplateExport::url()>
            <FormErrors state=state.clone() />
            <Hidden name="lab" value=lab />
            {kinds}
            {hidden}
            <div class="export-new stack">
                <TextInput name="name" label="Image name" value=name error=state.error("name") live=true optional=true maxlength=80
                    hint="Letters, digits, “_”, “.” and “-”." />
                <TextArea name="exportDescription" label="Description" value=state.value("exportDescription")
                    error=state.error("description") optional=true maxlength=1000 rows=2 />
            </div>
            {existing}
            <TextInput name="version" label="Version" value=state.value("version") error=state.error("version") live=true optional=true
                placeholder="the next free number" hint="Three numbers such as 1.0.2; the next free one when empty." />
            <div class="form-actions">
                <SubmitButton kind=Kind::Primary icon=Glyph::Export>"Export"</SubmitButton>
            </div>
        </PostForm>
    }
    .into_any()
}

fn choice(choice: &ExportChoice) -> Choice {
    let now = choice.latest.map_or_else(
        || "no version yet".to_owned(),
        |latest| format!("now {latest}"),
    );
    Choice::new(
        choice.id.to_string(),
        format!("{} ({now}, next {})", choice.name, choice.next),
    )
}
