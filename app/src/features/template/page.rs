//! The template part of a lab's page: everything that a teacher does before others get their machines.

use crate::ssr::{LabRights, Services};
use domain::export::ExportPreview;
use domain::image::VersionView;
use domain::job::{JobKind, JobView};
use domain::lab::LabView;
use domain::{Code, OpContext, Problem, ResourceId};
use leptos::prelude::*;

use super::export::ExportForm;
use super::outcome::exported;
use crate::features::job::JobProgress;
use crate::features::lab::actions::LabUpdate;
use crate::features::lab::machine_card;
use crate::refusal::Refusal;
use crate::ui::{
    Callout, Card, EmptyState, FormErrors, FormState, Glyph, Hidden, Kind, LinkButton, PostForm,
    ServerFn as _, SubmitButton, TextArea, TextInput,
};

/// What the template part shows.
#[derive(Debug, Clone)]
pub struct TemplateFacts {
    lab: LabView,
    rights: LabRights,
    /// The export that runs, or the last one.
    export: Option<JobView>,
    /// The version that the last export made, when the caller may see it.
    made: Option<VersionView>,
    /// What an export would make; none while one runs, or when nothing can be exported, with the reason.
    preview: Option<Result<ExportPreview, Problem>>,
}

impl TemplateFacts {
    /// Looks up what the part shows; `jobs` are the lab's, newest first.
    ///
    /// # Errors
    /// Internal ones alone: why no export is possible is part of the answer.
    pub async fn load(
        services: &Services,
        op: &OpContext,
        lab: &LabView,
        rights: LabRights,
        jobs: &[JobView],
    ) -> Result<Self, Refusal> {
        let export = jobs
            .iter()
            .find(|job| job.kind == JobKind::TemplateExport)
            .cloned();
        let runs = export.as_ref().is_some_and(|job| !job.state.is_over());
        let wanted = rights.export && lab.template.is_some() && !runs;
        let preview = if wanted {
            match services
                .template_export_preview(op, lab.meta.id)
                .await
                .map_err(Refusal::from)
            {
                Ok(preview) => Some(Ok(preview)),
                Err(Refusal(problem)) if problem.code == Code::InternalServerError => {
                    return Err(Refusal(problem));
                }
                Err(Refusal(problem)) => Some(Err(problem)),
            }
        } else {
            None
        };
        let result = export
            .as_ref()
            .and_then(|job| job.result.clone())
            .map(ResourceId::from_stored);
        let made = match result {
            Some(id) => services.version_get(op, id).await.ok(),
            None => None,
        };
        Ok(Self {
            lab: lab.clone(),
            rights,
            export,
            made,
            preview,
        })
    }
}

/// The template part.
#[component]
pub fn TemplatePart(facts: TemplateFacts, op: OpContext) -> impl IntoView {
    let TemplateFacts {
        lab,
        rights,
        export,
        made,
        preview,
    } = facts;
    let Some(machine) = lab.template.clone() else {
        return view! {
            <EmptyState glyph=Glyph::Machine title="No template VM" text="This lab was created without one: everyone gets the image as it is." />
        }
        .into_any();
    };
    let done = export
        .as_ref()
        .map(|job| exported(job, made.as_ref(), &lab, &op));
    let progress = export.map(|job| match done {
        Some(done) => view! { <JobProgress job done /> }.into_any(),
        None => view! { <JobProgress job /> }.into_any(),
    });
    let form = preview.map(|preview| match preview {
        Ok(preview) => view! { <ExportForm lab=lab.clone() preview /> }.into_any(),
        Err(problem) => view! { <Card title="Export to gallery" id="export"><p class="muted">{problem.message}</p></Card> }.into_any(),
    });
    let again = (rights.export && form.is_none()).then(|| {
        let href = format!("/labs/{}?tab=template", lab.meta.id);
        view! { <p class="small muted">"Another export can be made when this one is over. "<a href=href>"Refresh the page"</a></p> }
    });
    let about = rights.edit.then(|| view! { <About lab=lab.clone() /> });
    view! {
        <div class="columns">
            <div class="stack">
                {machine_card(machine, &op)}
                {progress}
                {again}
                {form}
            </div>
            <div class="stack">
                {about}
                <Callout title="What an export keeps">
                    <p>"Everything on the template VM: files, programs, accounts and the computer name. It becomes a specialized image that other labs can be created from."</p>
                </Callout>
            </div>
        </div>
    }
    .into_any()
}

/// Title and description of the lab.
#[component]
fn About(lab: LabView) -> impl IntoView {
    let state = FormState::of::<LabUpdate>();
    let title = state.value_or("title", lab.title);
    let description = state.value_or("description", lab.description);
    view! {
        <Card title="Title and description">
            <PostForm action=LabUpdate::url()>
                <FormErrors state=state.clone() />
                <Hidden name="id" value=lab.meta.id.to_string() />
                <TextInput name="title" label="Title" value=title error=state.error("title") maxlength=120 />
                <TextArea name="description" label="Description" value=description error=state.error("description")
                    optional=true maxlength=500 rows=3 />
                <div class="row"><SubmitButton kind=Kind::Plain>"Save"</SubmitButton></div>
            </PostForm>
        </Card>
    }
}

/// The way to the plan of a lab, where a gallery can be attached.
pub(super) fn plan_link(lab: &LabView) -> Option<AnyView> {
    let href = format!("/plans/{}", lab.plan?);
    Some(view! { <LinkButton href small=true>"Open the lab plan"</LinkButton> }.into_any())
}
