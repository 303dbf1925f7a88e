//! One lab, part by part.

use crate::ssr::{LabRights, Services};
use domain::OpContext;
use domain::job::{JobKind, JobView};
use domain::lab::{CreateOption, LabView};
use leptos::prelude::*;
use uuid::Uuid;

use super::actions::LabDelete;
use super::overview::Overview;
use super::queries::LabState;
use crate::features::access::AccessPanel;
use crate::features::activity::ActivityPanel;
use crate::features::machine;
use crate::features::parts::{self, Part};
use crate::features::template::{TemplateFacts, TemplatePart};
use crate::refusal::Refusal;
use crate::ssr;
use crate::ui::{
    ConfirmForm, Crumb, DialogButton, FormErrors, FormState, Glyph, Kind, Page, ServerFn as _, Tab,
};

/// What the parts of the page show.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub lab: LabView,
    pub rights: LabRights,
    /// The job that makes or removes the lab; the one that failed to make it, too.
    pub job: Option<JobView>,
    pub part: Part,
    /// What the template part alone needs.
    pub template: Option<TemplateFacts>,
}

/// A lab's page.
#[component]
pub fn LabPage() -> impl IntoView {
    let id = ssr::id("lab");
    ssr::page(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let shown = load(&services, &op, id?).await?;
        Ok(view! { <Lab shown op /> })
    })
}

async fn load(services: &Services, op: &OpContext, id: Uuid) -> Result<Shown, Refusal> {
    let lab = services.lab_get(op, id).await?;
    let rights = services.lab_rights(op, &lab);
    let jobs = services
        .job_list(op, Some(&lab.meta.resource_id), false)
        .await?;
    let part = Part::of(&ssr::query());
    let template = if part == Part::Own("template") {
        Some(TemplateFacts::load(services, op, &lab, rights, &jobs).await?)
    } else {
        None
    };
    let of_lab = |job: &&JobView| matches!(job.kind, JobKind::LabCreate | JobKind::LabDelete);
    let job = jobs
        .iter()
        .find(of_lab)
        .filter(|job| !job.state.is_over() || lab.problem.is_some())
        .cloned();
    Ok(Shown {
        lab,
        rights,
        job,
        part,
        template,
    })
}

#[component]
fn Lab(shown: Shown, op: OpContext) -> impl IntoView {
    let Shown {
        lab, rights, part, ..
    } = shown.clone();
    let base = format!("/labs/{}", lab.meta.id);
    let mut own = vec![Tab::new(base.clone(), "Overview")];
    if lab.create_option == CreateOption::TemplateVM {
        own.push(Tab::new(format!("{base}?tab=template"), "Template"));
    }
    let mark = view! { <span id="lab-state"><LabState lab=lab.clone() /></span> }.into_any();
    let live = lab
        .template
        .as_ref()
        .map(|machine| machine::follow(machine, "lab-state machine"));
    let body = match part {
        Part::Own("template") => shown
            .template
            .map(|facts| view! { <TemplatePart facts op /> }.into_any()),
        Part::Access => {
            Some(view! { <AccessPanel scope=lab.meta.resource_id.clone() /> }.into_any())
        }
        Part::Activity => {
            Some(view! { <ActivityPanel scope=lab.meta.resource_id.clone() /> }.into_any())
        }
        Part::Overview | Part::Own(_) => Some(view! { <Overview shown op /> }.into_any()),
    };
    let crumbs = vec![Crumb::new("/labs", "Labs")];
    let tabs = parts::tabs(&base, own, part);
    let content = view! {
        <FormErrors state={FormState::of::<LabDelete>()} />
        {machine::refusals()}
        {tabs}
        {body}
        {live}
    };
    let title = lab.title.clone();
    if rights.delete {
        let actions = view! { <DialogButton dialog="delete-lab" kind=Kind::Danger icon=Glyph::Trash>"Delete"</DialogButton> }.into_any();
        view! { <Page title crumbs mark actions>{content} <DeleteLab lab /></Page> }.into_any()
    } else {
        view! { <Page title crumbs mark>{content}</Page> }.into_any()
    }
}

/// Asks before the lab is deleted, and names what is lost.
#[component]
fn DeleteLab(lab: LabView) -> impl IntoView {
    let machine = lab.template.is_some().then(|| {
        view! { <li>"The template VM with its disk: everything that was changed on it and not exported."</li> }
    });
    view! {
        <ConfirmForm
            id="delete-lab"
            title="Delete this lab?"
            action=LabDelete::url()
            fields=vec![("id", lab.meta.id.to_string())]
            verb="Delete the lab"
            typed=lab.meta.name
        >
            <p>"This can't be undone. These are lost:"</p>
            <ul class="prose listed">
                {machine}
                <li>"The lab itself, its title and description, and the rights that were given on it."</li>
            </ul>
            <p>"Images that were exported from it stay in the gallery."</p>
        </ConfirmForm>
    }
}
