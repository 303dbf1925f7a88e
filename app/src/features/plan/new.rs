//! The form that a lab plan is created with.

use domain::rbac::Action;
use domain::region::Regions;
use leptos::prelude::*;

use super::actions::PlanPut;
use super::inputs::PlanFields;
use super::judge::PlanJudge;
use crate::features::gallery::queries;
use crate::features::typed::region_choices;
use crate::ssr;
use crate::ui::{
    Callout, Choice, Crumb, FormErrors, FormState, Kind, LinkButton, Page, PostForm, Select,
    ServerFn, SubmitButton, TextInput, Tone,
};

/// The page that creates a plan.
#[component]
pub fn NewPlanPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let groups = queries::groups(&services, &op, Action::LabPlanWrite).await?;
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
        return view! {
            <Callout tone=Tone::Warn title="You may not create lab plans in any resource group.">
                <p>"Ask an owner of a resource group for the role Contributor there."</p>
            </Callout>
        }
        .into_any();
    }
    let state = FormState::of::<PlanPut>();
    view! {
        <FormErrors state=state.clone() />
        <PostForm action=PlanPut::url() id="plan-form">
            <TextInput
                name="name"
                label="Name"
                value=state.value("name")
                error=state.error("name")
                live=true
                maxlength=100
                autofocus=true
                hint="Letters, digits, “_”, “.” and “-”, up to 100 characters. It can't be changed later."
            />
            <div class="form-row">
                <Select name="group" label="Resource group" choices=groups value=state.value("group") error=state.error("group") />
                <Select
                    name="location"
                    label="Region"
                    choices=region_choices(&regions)
                    value=state.value("location")
                    error=state.error("location")
                    hint="It can't be changed later."
                />
            </div>
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
