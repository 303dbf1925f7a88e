//! Which values of a provider's group claim make members of which groups.

use domain::identity::GroupClaimView;
use domain::tenant::PrincipalView;
use leptos::prelude::*;
use uuid::Uuid;

use super::actions::{GroupClaimAdd, GroupClaimRemove};
use crate::ui::{
    Card, Choice, FormErrors, FormState, Hidden, Kind, PostForm, Select, ServerFn as _,
    SubmitButton, TextInput,
};

/// The rules, and the form that adds one.
#[component]
pub(super) fn GroupClaims(
    provider: Uuid,
    rules: Vec<GroupClaimView>,
    groups: Vec<PrincipalView>,
) -> impl IntoView {
    let state = FormState::of::<GroupClaimAdd>();
    let errors = state.clone();
    let removing = FormState::of::<GroupClaimRemove>();
    let rules = rules.into_iter().map(|rule| {
        let label = format!(" {}", rule.value);
        view! {
            <li class="row">
                <span><code>{rule.value}</code>" makes members of "<strong>{rule.group_name}</strong></span>
                <PostForm action=GroupClaimRemove::url() class="inline">
                    <Hidden name="provider" value=provider.to_string() />
                    <Hidden name="id" value=rule.id.to_string() />
                    <SubmitButton kind=Kind::Danger small=true>"Remove" <span class="visually-hidden">{label}</span></SubmitButton>
                </PostForm>
            </li>
        }
    });
    let rules = rules.collect_view();
    let add = if groups.is_empty() {
        view! { <p class="muted">"Add a group under People first."</p> }.into_any()
    } else {
        let choices = groups
            .into_iter()
            .map(|group| Choice::new(group.id.to_string(), &group.display_name))
            .collect();
        view! {
            <PostForm action=GroupClaimAdd::url()>
                <Hidden name="provider" value=provider.to_string() />
                <TextInput name="value" label="Value of the claim" value=state.value("value") error=state.error("value") maxlength=200 />
                <Select name="group" label="Group" choices value=state.value("group") error=state.error("group") />
                <div class="form-actions">
                    <SubmitButton>"Add rule"</SubmitButton>
                </div>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <Card title="Groups" id="group-claims">
            <FormErrors state=errors />
            <FormErrors state=removing />
            <p class="small muted">"At each sign-in a person joins the groups that the provider names, and leaves those that it names no more. Other groups stay as they are."</p>
            <ul class="stack">{rules}</ul>
            {add}
        </Card>
    }
    .into_any()
}
