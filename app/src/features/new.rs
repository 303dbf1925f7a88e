//! What the forms that create something in a resource group have in common.

use domain::OpContext;
use domain::rbac::Action;
use domain::region::Regions;
use leptos::prelude::*;

use super::typed::region_choices;
use crate::refusal::Refusal;
use crate::ssr::Services;
use crate::ui::{Callout, Choice, FormState, Select, TextInput, Tone};

/// The resource groups in which the caller may do the action, to choose one from.
///
/// # Errors
/// Internal ones alone.
pub async fn groups(
    services: &Services,
    op: &OpContext,
    action: Action,
) -> Result<Vec<Choice>, Refusal> {
    let groups = services.resource_group_list(op, None).await?;
    let open = groups
        .into_iter()
        .filter(|group| op.may(action, group.meta.resource_id.as_str()));
    Ok(open
        .map(|group| Choice::new(group.meta.resource_id.as_str(), group.meta.name))
        .collect())
}

/// What is said instead of the form when there is no group to create anything in.
#[component]
pub fn NoGroup(
    /// What can't be created, in the plural.
    what: &'static str,
) -> impl IntoView {
    let title = format!("You may not create {what} in any resource group.");
    view! {
        <Callout tone=Tone::Warn title>
            <p>"Ask an owner of a resource group for the role Contributor there."</p>
        </Callout>
    }
}

/// Name, resource group and region: what can't be changed later.
#[component]
pub fn NameAndPlace(
    state: FormState,
    groups: Vec<Choice>,
    regions: Regions,
    /// Characters that a name may have.
    maxlength: usize,
    /// Which characters, in words.
    letters: &'static str,
) -> impl IntoView {
    let hint = format!("{letters}, up to {maxlength} characters. It can't be changed later.");
    view! {
        <TextInput
            name="name"
            label="Name"
            value=state.value("name")
            error=state.error("name")
            live=true
            maxlength
            autofocus=true
            hint
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
    }
}
