//! The form that defines a role.

use domain::rbac::{Action, RoleView};
use leptos::prelude::*;

use super::actions::RolePut;
use crate::ui::{
    Callout, FormErrors, FormState, Hidden, Kind, PostForm, ServerFn as _, SubmitButton, TextArea,
    TextInput, Tone,
};

/// Name, patterns and scopes; `role` is the one that is changed.
#[component]
pub(super) fn RoleForm(role: Option<RoleView>, state: FormState) -> impl IntoView {
    let id = role
        .as_ref()
        .map(|role| view! { <Hidden name="id" value=role.id.to_string() /> });
    let verb = if role.is_some() {
        "Change the role"
    } else {
        "Define the role"
    };
    let proposed = |of: fn(&RoleView) -> String| role.as_ref().map(of).unwrap_or_default();
    let name = state.value_or("name", proposed(|role| role.name.clone()));
    let description = state.value_or("description", proposed(|role| role.description.clone()));
    let actions = state.value_or("actions", proposed(|role| role.actions.join("\n")));
    let not_actions = state.value_or("notActions", proposed(|role| role.not_actions.join("\n")));
    let scopes = role
        .as_ref()
        .map_or_else(|| "/".to_owned(), |role| role.assignable_scopes.join("\n"));
    let scopes = state.value_or("assignableScopes", scopes);
    let known = Action::ALL
        .iter()
        .map(|action| view! { <li><code>{action.as_str()}</code></li> })
        .collect_view();
    view! {
        <FormErrors state=state.clone() />
        <PostForm action=RolePut::url()>
            {id}
            <TextInput name="name" label="Name" value=name error=state.error("name") maxlength=128 />
            <TextInput name="description" label="What it is for" value=description error=state.error("description") maxlength=500 optional=true />
            <TextArea
                name="actions"
                label="Allowed actions"
                value=actions
                error=state.error("actions")
                hint="One a line; * stands for any text, as in Microsoft.LabServices/*/read."
                rows=6
            />
            <TextArea
                name="notActions"
                label="Actions taken out of these"
                value=not_actions
                error=state.error("notActions")
                rows=3
                optional=true
            />
            <TextArea
                name="assignableScopes"
                label="Where it can be given"
                value=scopes
                error=state.error("assignableScopes")
                hint="One a line: / for the whole organisation, or the id of a subscription or resource group."
                rows=2
            />
            <Callout tone=Tone::Info title="Nobody defines a role that allows more than they may do themselves.">
                <p>"A change counts at once for everybody who has the role."</p>
            </Callout>
            <details class="disclosure">
                <summary>"Every action there is"</summary>
                <ul class="prose small">{known}</ul>
            </details>
            <div class="form-actions">
                <SubmitButton kind=Kind::Primary>{verb}</SubmitButton>
            </div>
        </PostForm>
    }
    .into_any()
}
