//! The pages that define a role and change one.

use domain::rbac::Action;
use domain::{Code, OpContext, Problem};
use leptos::prelude::*;

use super::actions::RolePut;
use super::form::RoleForm;
use crate::refusal::Refusal;
use crate::ssr;
use crate::ui::{Crumb, FormState, Page};

fn crumbs() -> Vec<Crumb> {
    vec![
        Crumb::new("/admin?tab=roles", "Administration"),
        Crumb::new("/admin/roles", "Roles"),
    ]
}

fn may_define(op: &OpContext) -> Result<(), Refusal> {
    if !op.scopes(Action::RoleDefinitionWrite).is_empty() {
        return Ok(());
    }
    let message = "Roles are defined by those who may give roles to others.";
    Err(Problem::new(Code::AuthorizationFailed, message).into())
}

/// Defines a role.
#[component]
pub fn NewRolePage() -> impl IntoView {
    ssr::page(async move {
        may_define(&ssr::op()?)?;
        let state = FormState::of::<RolePut>();
        Ok(view! {
            <Page title="New role" crumbs=crumbs() narrow=true>
                <RoleForm role=None state />
            </Page>
        })
    })
}

/// Changes a role of the organisation's own.
#[component]
pub fn RolePage() -> impl IntoView {
    let id = ssr::id("role");
    ssr::page(async move {
        let op = ssr::op()?;
        may_define(&op)?;
        let role = ssr::services()?.role_get(&op, id?).await?;
        if !role.is_custom() {
            return Err(Problem::not_found("The role").into());
        }
        let state = FormState::of::<RolePut>();
        Ok(view! {
            <Page title=role.name.clone() crumbs=crumbs() narrow=true>
                <RoleForm role=Some(role) state />
            </Page>
        })
    })
}
