//! “Test access”: every step from a shared image to a lab, and the first one that is missing.

use domain::plan::PlanView;
use domain::share::path::{Outcome, Step as Walked};
use domain::{PageRequest, Problem, ResourceId};
use leptos::prelude::*;

use crate::ssr;
use crate::ui::{
    Callout, Card, Choice, Crumb, FormErrors, FormState, Kind, Page, Select, Step, StepState,
    Steps, SubmitButton, TextInput, Tone,
};

/// More plans than an organisation has; the select shows them all.
const PLANS: u32 = 500;

/// What was found out: the steps, or why there are none.
type Found = Result<Vec<(Walked, Outcome)>, Problem>;

/// The question (an image and a lab plan) and its answer.
#[component]
pub fn WayPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let page = PageRequest {
            limit: PLANS,
            ..PageRequest::default()
        };
        let plans = services.plan_list(&op, None, &page).await?.items;
        let image = query.get("image").unwrap_or_default().to_owned();
        let plan = query
            .get("plan")
            .and_then(|id| id.parse::<uuid::Uuid>().ok());
        let found: Option<Found> = match plan {
            Some(plan) if !image.is_empty() => {
                let no_id = |_| Problem::new(domain::Code::InvalidRequest, NO_ID).at("image");
                match ResourceId::parse(&image).map_err(no_id) {
                    Ok(id) => match services.share_test(&op, &id, plan).await {
                        Ok(steps) => Some(Ok(steps)),
                        Err(error) => Some(Err(crate::refusal::Refusal::from(error).0)),
                    },
                    Err(problem) => Some(Err(problem)),
                }
            }
            _ => None,
        };
        let plan = plan.map(|id| id.to_string());
        Ok(view! { <Way plans image plan found /> })
    })
}

const NO_ID: &str = "This is not the id of an image definition or version.";

#[component]
fn Way(
    plans: Vec<PlanView>,
    image: String,
    plan: Option<String>,
    found: Option<Found>,
) -> impl IntoView {
    let choices = plans
        .into_iter()
        .map(|plan| Choice::new(plan.meta.id.to_string(), plan.meta.name))
        .collect();
    let problem = found
        .as_ref()
        .and_then(|found| found.as_ref().err().cloned());
    let state = FormState::new(Vec::new(), problem);
    let answer = found.and_then(Result::ok).map(answer);
    view! {
        <Page
            title="Test access"
            crumbs=vec![Crumb::new("/images", "Images"), Crumb::new("/images/shared", "Shared with me")]
            intro="What it takes to make a lab from an image that another organisation shares, step by step."
            narrow=true
        >
            <FormErrors state=state.clone() />
            <form class="form" method="get" action="/images/shared/test">
                <TextInput
                    name="image"
                    label="Image id"
                    value=image
                    error=state.error("image")
                    hint="The full id of an image definition or version: /subscriptions/…/galleries/…/images/…"
                />
                <Select name="plan" label="Lab plan" choices value=plan error=state.error("plan") />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Test access"</SubmitButton>
                </div>
            </form>
            {answer}
        </Page>
    }
}

fn answer(steps: Vec<(Walked, Outcome)>) -> AnyView {
    let missing = steps.iter().find_map(|(step, outcome)| match outcome {
        Outcome::Missing(why) => Some((*step, why.clone())),
        Outcome::Met | Outcome::NotReached => None,
    });
    let verdict = match missing {
        None => {
            view! { <Callout tone=Tone::Ok title="Nothing is missing: you can make a lab from this image." /> }
        }
        Some((step, why)) => {
            let title = format!("Missing: {}", title(step).to_lowercase());
            view! { <Callout tone=Tone::Warn title><p>{why}</p></Callout> }
        }
    };
    let rows = steps.into_iter().map(|(step, outcome)| {
        let state = match outcome {
            Outcome::Met => StepState::Done,
            Outcome::Missing(_) => StepState::Failed,
            Outcome::NotReached => StepState::Waiting,
        };
        view! { <Step state title=title(step) /> }
    });
    let rows = rows.collect_view();
    view! {
        <Card title="The way to a lab">
            <div class="stack" role="status">
                {verdict}
                <Steps>{rows}</Steps>
            </div>
        </Card>
    }
    .into_any()
}

/// What a step asks for.
const fn title(step: Walked) -> &'static str {
    match step {
        Walked::Shared => "The image is shared with your organisation",
        Walked::InForce => "The share is in force",
        Walked::ForCaller => "The share is meant for you",
        Walked::Role => "Its role allows to read versions",
        Walked::Version => "A version is finished",
        Walked::Region => "A copy is ready in a region of the lab plan",
        Walked::Limits => "It keeps to the limits of labs",
        Walked::Plan => "The lab plan offers it",
        Walked::Create => "You may create labs from the lab plan",
    }
}
