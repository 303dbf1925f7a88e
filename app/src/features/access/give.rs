//! The form that gives a role.

use domain::rbac::RoleView;
use domain::tenant::PrincipalView;
use leptos::prelude::*;

use super::actions::RoleAssignmentCreate;
use super::scope::Scope;
use crate::ssr;
use crate::ui::{
    Card, Choice, Field, FormErrors, FormState, Hidden, Kind, MaybeText, PostForm, Select,
    ServerFn as _, SubmitButton,
};

/// Id of the list of people that fields offer.
const PEOPLE: &str = "people";

/// The people that [`PersonInput`] offers; once on a page.
#[component]
pub(crate) fn People(people: Vec<PrincipalView>) -> impl IntoView {
    let options = people
        .into_iter()
        .map(|who| view! { <option value=who.user_name>{who.display_name}</option> });
    view! { <datalist id=PEOPLE>{options.collect_view()}</datalist> }.into_any()
}

/// A user name: typed, or taken from the list that opens.
#[component]
pub(crate) fn PersonInput(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let described = error.is_some().then(|| format!("{name}-error"));
    let invalid = error.is_some().then_some("true");
    view! {
        <Field name=name.clone() label error=error.0 optional>
            <input
                class="input"
                id=name.clone()
                name=name
                list=PEOPLE
                value=value.0
                placeholder="name@school.example"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                required=!optional
                aria-describedby=described
                aria-invalid=invalid
            />
        </Field>
    }
    .into_any()
}

/// Gives one of the roles at the scope.
#[component]
pub(super) fn GiveRole(scope: Scope, roles: Vec<RoleView>, state: FormState) -> impl IntoView {
    let named = roles
        .iter()
        .map(|role| Choice::new(role.id.to_string(), &role.name));
    // Nothing is chosen at first: the list begins with the role that allows most.
    let choices = std::iter::once(Choice::new("", "Choose a role"))
        .chain(named)
        .collect();
    let about = roles
        .into_iter()
        .map(|role| view! { <dt>{role.name}</dt> <dd>{role.description}</dd> });
    let about = about.collect_view();
    let from = ssr::query().link(&[]);
    view! {
        <Card title="Give a role" id="give">
            <FormErrors state=state.clone() />
            <PostForm action=RoleAssignmentCreate::url()>
                <Hidden name="scope" value=scope.as_str() />
                <Hidden name="from" value=from />
                <PersonInput name="principal" label="User name" value=state.value("principal") error=state.error("principal") />
                <Select name="role" label="Role" choices value=state.value("role") error=state.error("role") />
                <details class="disclosure">
                    <summary>"What the roles allow"</summary>
                    <dl class="prose small">{about}</dl>
                </details>
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Give role"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}
