//! The progress of one job: its steps, live, with the way to cancel it.

use chrono::TimeDelta;
use domain::job::{JobKind, JobState, JobView, StepView};
use leptos::prelude::*;

use super::actions::JobCancel;
use crate::ssr;
use crate::ui::{
    Badge, Callout, Card, ConfirmForm, DialogButton, FormErrors, FormState, Kind, Live, Progress,
    ServerFn as _, Step, StepState, Steps, Time, Tone,
};

/// What a kind of job does, as a heading.
#[must_use]
pub const fn title(kind: JobKind) -> &'static str {
    match kind {
        JobKind::TemplateExport => "Export of the template VM",
        JobKind::VersionImport => "Import image version",
        JobKind::VersionCopy => "Copy image version",
        JobKind::VersionReplicate => "Change regions",
        JobKind::VersionDelete => "Delete image version",
        JobKind::LabCreate => "Create lab",
        JobKind::LabDelete => "Delete lab",
        JobKind::MachineStart => "Start machine",
        JobKind::MachineStop => "Stop machine",
        JobKind::VersionCapture => "Create image version",
        JobKind::DiskCreate => "Create disk",
        JobKind::DiskDelete => "Delete disk",
        JobKind::SnapshotCreate => "Create snapshot",
        JobKind::SnapshotDelete => "Delete snapshot",
        JobKind::ManagedImageCreate => "Create managed image",
        JobKind::ManagedImageDelete => "Delete managed image",
        JobKind::VmCreate => "Create virtual machine",
        JobKind::VmDelete => "Delete virtual machine",
        JobKind::VmStart => "Start virtual machine",
        JobKind::VmStop => "Stop virtual machine",
        JobKind::VmDeallocate => "Stop and deallocate virtual machine",
        JobKind::VmRestart => "Restart virtual machine",
        JobKind::VmGeneralize => "Generalize virtual machine",
        JobKind::Deployment => "Deploy template",
        JobKind::GroupDelete => "Delete resource group",
    }
}

/// A job's steps with their progress, kept fresh by its events (by refresh without script), and its outcome.
///
/// The card's id is `job-<id>`; it bears `data-settled` once nothing more will happen.
#[component]
pub fn JobProgress(
    job: JobView,
    /// What succeeded, with links to it; shown when the job is over and all went well.
    #[prop(optional)]
    done: Option<AnyView>,
) -> impl IntoView {
    let id = job.id;
    let region = format!("job-{id}");
    let dialog = format!("cancel-{id}");
    let is_over = job.state.is_over();
    let live = (!is_over).then(|| {
        let events = format!("/events/jobs/{id}");
        view! {
            <Live region=region.clone() events />
            <noscript>
                <meta http-equiv="refresh" content="5" />
            </noscript>
        }
    });
    let cancel = job.can_cancel.then(|| {
        view! {
            <ConfirmForm
                id=dialog.clone()
                title="Cancel this operation?"
                action=JobCancel::url()
                fields=vec![("id", id.to_string()), ("from", ssr::query().link(&[]))]
                verb="Cancel the operation"
            >
                <p>"What it made so far is removed. Everything else stays as it was before."</p>
            </ConfirmForm>
        }
    });
    view! {
        <FormErrors state={FormState::of::<JobCancel>()} />
        <div class="stack" id=region data-settled=is_over.then_some("")>
            {steps(job, &dialog, done)}
        </div>
        {live}
        {cancel}
    }
    .into_any()
}

fn steps(job: JobView, dialog: &str, done: Option<AnyView>) -> AnyView {
    let (tone, word) = outcome(&job);
    let mark = view! { <Badge tone>{word}</Badge> }.into_any();
    let outcome = match job.state {
        JobState::Succeeded => done
            .map(|text| view! { <Callout tone=Tone::Ok title="Done">{text}</Callout> }.into_any()),
        JobState::Failed => Some(failure(&job, done)),
        JobState::Canceled => {
            let text = "What it had made was removed.";
            Some(view! { <Callout tone=Tone::Info title="The operation was cancelled"><p>{text}</p></Callout> }.into_any())
        }
        _ => None,
    };
    let bar = (!job.state.is_over()).then(|| {
        let (label, percent) = match job.state {
            JobState::Pending => ("Waiting for a free worker", None),
            JobState::Undoing => ("Undoing what was done", None),
            _ => ("All steps", Some(job.percent)),
        };
        view! { <Progress label percent /> }
    });
    let foot = job.can_cancel.then(|| {
        view! { <DialogButton dialog=dialog.to_owned() kind=Kind::Danger small=true>"Cancel"</DialogButton> }.into_any()
    });
    let rows = job
        .steps
        .iter()
        .map(|step| row(step, job.state))
        .collect_view();
    let card = view! {
        <p class="small muted">"Asked for by " {job.created_by.clone()} ", " <Time at=job.created_at /></p>
        {bar}
        <Steps>{rows}</Steps>
    };
    let title = title(job.kind);
    match foot {
        Some(foot) => view! { {outcome} <Card title actions=mark foot>{card}</Card> }.into_any(),
        None => view! { {outcome} <Card title actions=mark>{card}</Card> }.into_any(),
    }
}

fn outcome(job: &JobView) -> (Tone, &'static str) {
    match job.state {
        JobState::Succeeded => (Tone::Ok, "Succeeded"),
        JobState::Failed => (Tone::Danger, "Failed"),
        JobState::Canceled => (Tone::Neutral, "Cancelled"),
        JobState::Undoing => (Tone::Warn, "Undoing"),
        JobState::Pending => (Tone::Neutral, "Waiting"),
        JobState::Running if job.cancel_requested => (Tone::Warn, "Cancelling"),
        JobState::Running => (Tone::Info, "Running"),
    }
}

/// Why it failed; `done` links to what it made all the same, such as a version that lacks a region.
fn failure(job: &JobView, done: Option<AnyView>) -> AnyView {
    let problem = job.problem.clone();
    let message = problem.as_ref().map_or_else(
        || "It could not be carried out.".to_owned(),
        |p| p.message.clone(),
    );
    let details = problem.map(|p| p.details).unwrap_or_default();
    let list = (details.len() > 1)
        .then(|| view! { <ul>{details.iter().map(|v| view! { <li>{v.sentence()}</li> }).collect_view()}</ul> });
    let (tone, verdict, made) = match job.result {
        Some(_) => (Tone::Warn, "is not complete", done),
        None => (Tone::Danger, "failed", None),
    };
    view! {
        <Callout tone title=format!("{} {verdict}", title(job.kind))>
            <p>{message}</p>
            {list}
            {made}
        </Callout>
    }
    .into_any()
}

fn row(step: &StepView, job: JobState) -> AnyView {
    let state = match step.state {
        JobState::Pending if job.is_over() => StepState::Skipped,
        JobState::Pending => StepState::Waiting,
        JobState::Running => StepState::Running((step.percent > 0).then_some(step.percent)),
        JobState::Succeeded => StepState::Done,
        JobState::Failed => StepState::Failed,
        JobState::Canceled | JobState::Undoing => StepState::Skipped,
    };
    let took = step
        .started_at
        .zip(step.finished_at)
        .map(|(from, to)| span(to - from));
    view! { <Step state title=step_title(step) note=took /> }.into_any()
}

/// A step's own words, with regions by the names that people know.
fn step_title(step: &StepView) -> String {
    let region = step.name.split_once(':').map(|(_, region)| region);
    let shown = region.and_then(|name| {
        Some((
            name,
            ssr::services()
                .ok()?
                .settings()
                .regions
                .find(name)?
                .display_name
                .clone(),
        ))
    });
    match shown {
        Some((name, shown)) => step.title.replace(name, &shown),
        None => step.title.clone(),
    }
}

/// How long something took.
fn span(delta: TimeDelta) -> String {
    match delta.num_seconds() {
        ..1 => "under 1 s".to_owned(),
        s @ 1..60 => format!("{s} s"),
        s @ 60..3600 => format!("{} min {} s", s / 60, s % 60),
        s => format!("{} h {} min", s / 3600, s % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_people_say_them() {
        let cases = [
            (0, "under 1 s"),
            (59, "59 s"),
            (124, "2 min 4 s"),
            (3_720, "1 h 2 min"),
        ];
        for (seconds, text) in cases {
            assert_eq!(span(TimeDelta::seconds(seconds)), text);
        }
    }
}
