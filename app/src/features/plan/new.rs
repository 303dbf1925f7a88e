//! The form that a lab plan is created with.

use domain::rbac::Action;
use domain::region::Regions;
use leptos::prelude::*;

use super::actions::PlanPut;
use super::inputs::PlanFields;
use super::judge::PlanJudge;
use crate::features::new::{NameAndPlace, NoGroup, groups};
use crate::ssr;
use crate::ui::{
    Choice, Crumb, FormErrors, FormState, Kind, LinkButton, Page, PostForm, ServerFn, SubmitButton,
};

/// The page that creates a plan.
#[component]
pub fn NewPlanPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let groups = groups(&services, &op, Action::LabPlanWrite).await?;
        let regions = services.settings().regions.clone();
        Ok(view! {
            <Page
                title="New lab plan"
                crumbs=vec![Crumb::new("/plans", "Lab plans")]
                intro="Labs take their regions and images from a plan. A gallery is attached afterwards."
                narrow=true
            >
                <NewPlan groups regions />
            </Page>
        })
    })
}

#[component]
fn NewPlan(groups: Vec<Choice>, regions: Regions) -> impl IntoView {
    if groups.is_empty() {
        return view! { <NoGroup what="lab plans" /> }.into_any();
    }
    let state = FormState::of::<PlanPut>();
    view! {
        <FormErrors state=state.clone() />
        <PostForm action=PlanPut::url() id="plan-form">
            <NameAndPlace
                state=state.clone()
                groups
                regions=regions.clone()
                maxlength=100
                letters="Letters, digits, “_”, “.” and “-”"
            />
            <PlanFields state regions stored=None />
            <div class="form-actions">
                <SubmitButton kind=Kind::Primary>"Create lab plan"</SubmitButton>
                <LinkButton href="/plans" kind=Kind::Quiet>"Cancel"</LinkButton>
            </div>
        </PostForm>
        <PlanJudge form="plan-form".to_owned() />
    }
    .into_any()
}
