//! The fields that a new plan and a changed one have in common.

use domain::plan::{PlanView, SupportInfo};
use domain::region::Regions;
use leptos::prelude::*;

use crate::features::typed::tags_text;
use crate::ui::{FormState, Switch, TextArea, TextInput};

/// Allowed regions, replication, whom to ask, tags. Rules B6, B7.
#[component]
pub fn PlanFields(
    state: FormState,
    regions: Regions,
    #[prop(optional_no_strip)] stored: Option<PlanView>,
) -> impl IntoView {
    let allowed = stored
        .as_ref()
        .map(|plan| plan.allowed_regions.clone())
        .unwrap_or_default();
    let replicate = stored
        .as_ref()
        .is_some_and(|plan| plan.replicate_in_geography);
    let tags = stored
        .as_ref()
        .map(|plan| tags_text(&plan.meta.tags))
        .unwrap_or_default();
    let support = stored.map(|plan| plan.support).unwrap_or_default();
    view! {
        <Allowed state=state.clone() regions allowed />
        <Switch
            name="replicate"
            label="Replicate within the geography"
            checked=state.ticked("replicate", replicate)
            hint="What a lab of this plan exports is copied to every region of the same geography, so that labs there can use it at once. Each further copy costs storage, and its first transfer, on top of what the labs cost."
        />
        <Support state=state.clone() support />
        <TextArea
            name="tags"
            label="Tags"
            optional=true
            rows=2
            value=state.value_or("tags", tags)
            error=state.error("tags")
            hint="One a line, as key=value."
        />
    }
}

#[component]
fn Allowed(state: FormState, regions: Regions, allowed: Vec<String>) -> impl IntoView {
    let boxes = regions.0.into_iter().map(|region| {
        let name = format!("allowed[{}]", region.name);
        let checked = state.ticked(&name, allowed.contains(&region.name));
        view! {
            <div class="check">
                <input type="checkbox" id=name.clone() name=name.clone() value="true" checked=checked />
                <label for=name>{region.display_name} <span class="muted small">" "{region.geography}</span></label>
            </div>
        }
    });
    let boxes = boxes.collect_view();
    view! {
        <fieldset class="field">
            <legend>"Regions in which labs may be created"</legend>
            <div class="form-row" id="allowedRegions">{boxes}</div>
            {state.error("allowedRegions").map(|text| view! { <p class="error">{text}</p> })}
            <p class="hint">"Without a tick, the plan's own region alone."</p>
        </fieldset>
    }
}

#[component]
fn Support(state: FormState, support: SupportInfo) -> impl IntoView {
    let SupportInfo {
        url,
        email,
        phone,
        instructions,
    } = support;
    view! {
        <div class="form-row">
            <TextInput
                name="email"
                label="E-mail for support"
                kind="email"
                optional=true
                live=true
                value=state.value_or("email", email)
                error=state.error("email")
            />
            <TextInput
                name="phone"
                label="Telephone for support"
                kind="tel"
                optional=true
                live=true
                value=state.value_or("phone", phone)
                error=state.error("phone")
            />
        </div>
        <TextInput
            name="url"
            label="Page for support"
            kind="url"
            optional=true
            live=true
            placeholder="https://"
            value=state.value_or("url", url)
            error=state.error("url")
        />
        <TextArea
            name="instructions"
            label="What to do when help is needed"
            optional=true
            rows=3
            maxlength=1000
            value=state.value_or("instructions", instructions)
            error=state.error("instructions")
        />
    }
}
