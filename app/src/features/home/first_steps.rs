//! The way to the first lab: each step with whether it is done, and the button for the next one.

use crate::ssr::{Home, Services};
use domain::{OpContext, PageRequest};
use leptos::prelude::*;

use crate::refusal::Refusal;
use crate::ui::{Card, Kind, LinkButton, Step, StepState, Steps};

/// How far an organisation is on the way to its first lab, and which steps the visitor may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    steps: Vec<FirstStep>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct FirstStep {
    title: &'static str,
    about: &'static str,
    is_done: bool,
    /// Address and text of the button, for those who may.
    button: Option<(String, &'static str)>,
}

impl Progress {
    /// Looks at what is there already.
    ///
    /// # Errors
    /// Internal ones alone.
    pub(super) async fn load(
        services: &Services,
        op: &OpContext,
        home: &Home,
    ) -> Result<Self, Refusal> {
        let page = PageRequest::default();
        let galleries = services.gallery_list(op, None, &page).await?.items;
        let plans = services.plan_list(op, None, &page).await?.items;
        let has_images = galleries.iter().any(|gallery| gallery.version_count > 0);
        let is_attached = plans.iter().any(|plan| plan.gallery.is_some());
        let plan = plans.first().map_or_else(
            || "/plans/new".to_owned(),
            |plan| format!("/plans/{}", plan.meta.id),
        );
        let attach = if plans.is_empty() {
            "Create a lab plan"
        } else {
            "Open the lab plan"
        };
        let upload = galleries.first().map(|gallery| {
            (
                format!("/images/{}/upload", gallery.meta.id),
                "Upload an image",
            )
        });
        let prepares = home.may_create_gallery || home.may_create_plan;
        let mut steps = Vec::new();
        if prepares {
            steps.push(FirstStep {
                title: "Create a gallery",
                about: "It keeps the images that labs are made of.",
                is_done: home.gallery_count > 0,
                button: home
                    .may_create_gallery
                    .then(|| ("/images/new".to_owned(), "Create a gallery")),
            });
            steps.push(FirstStep {
                title: "Attach it to a lab plan",
                about: "A lab plan says in which regions and from which images teachers make labs.",
                is_done: is_attached,
                button: home.may_create_plan.then_some((plan, attach)),
            });
            steps.push(FirstStep {
                title: "Upload an image",
                about: "A disk of your own; base images are there from the start, so this can wait.",
                is_done: has_images,
                button: upload.filter(|_| home.may_create_gallery),
            });
        }
        steps.push(FirstStep {
            title: "Create a lab",
            about: "Choose an image, prepare the template VM in the browser, and export it as a new image.",
            is_done: false,
            button: home.may_create_lab.then(|| ("/labs/new".to_owned(), "Create a lab")),
        });
        Ok(Self { steps })
    }
}

/// The steps; the first one that is not done has the button that stands out.
#[component]
pub(super) fn FirstSteps(progress: Progress) -> impl IntoView {
    let next = progress.steps.iter().position(|step| !step.is_done);
    let is_possible = progress.steps.iter().any(|step| step.button.is_some());
    is_possible.then(|| {
        let rows = progress
            .steps
            .into_iter()
            .enumerate()
            .map(|(at, step)| row(step, Some(at) == next))
            .collect_view();
        let title = "The way to your first lab";
        view! { <Card title id="first-steps"><Steps>{rows}</Steps></Card> }
    })
}

fn row(step: FirstStep, is_next: bool) -> AnyView {
    let state = if step.is_done {
        StepState::Done
    } else {
        StepState::Waiting
    };
    let kind = if is_next { Kind::Primary } else { Kind::Plain };
    let button = step.button.filter(|_| !step.is_done).map(|(href, text)| {
        view! { <LinkButton href kind small=true>{text}</LinkButton> }
    });
    view! {
        <Step state title=step.title>
            <p class="small muted">{step.about}</p>
            {button.map(|link| view! { <div class="row">{link}</div> })}
        </Step>
    }
    .into_any()
}
