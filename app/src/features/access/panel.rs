//! Who has access to one resource, for the tab that every resource has.

use crate::ssr::Services;
use domain::OpContext;
use domain::rbac::{Action, RoleDefinition, exceeding};
use domain::tenant::RoleAssignmentView;
use leptos::prelude::*;

use super::actions::{RoleAssignmentCreate, RoleAssignmentDelete};
use super::check::AccessCheck;
use super::give::{GiveRole, People};
use super::scope::Scope;
use super::table::RoleTable;
use super::{check, queries};
use crate::refusal::Refusal;
use crate::ssr;
use crate::ui::{Callout, FormErrors, FormState, Section, Tone};

/// Roles at a scope, given there and above it; giving and taking roles; checking somebody's access. Who may not see
/// the roles of others sees their own.
#[component]
pub fn AccessPanel(#[prop(into)] scope: Scope) -> impl IntoView {
    ssr::part(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        if op.may(Action::RoleAssignmentRead, scope.as_str()) {
            everybody(&services, &op, scope).await
        } else {
            oneself(&services, &op, scope).await
        }
    })
}

/// The roles that the caller may give at the scope: nobody gives more than they hold.
fn grantable(services: &Services, op: &OpContext, scope: &Scope) -> Vec<&'static RoleDefinition> {
    if !op.may(Action::RoleAssignmentWrite, scope.as_str()) {
        return Vec::new();
    }
    let roles = services.role_list().iter();
    roles
        .filter(|role| exceeding(&op.caller.grants, role, scope.as_str()).is_empty())
        .collect()
}

async fn everybody(services: &Services, op: &OpContext, scope: Scope) -> Result<AnyView, Refusal> {
    let assignments = services.role_assignment_list(op, scope.as_str()).await?;
    let roles = grantable(services, op, &scope);
    let may_find = queries::may_find_people(op);
    let people = if may_find {
        queries::offered(services, op).await?
    } else {
        Vec::new()
    };
    let checked = if may_find {
        check::asked(services, op, &scope).await?
    } else {
        None
    };
    let (query, may_give) = (ssr::query(), !roles.is_empty());
    let takes = |given: &RoleAssignmentView| {
        op.may(Action::RoleAssignmentDelete, &given.scope)
            && domain::rbac::built_in(given.role)
                .is_none_or(|role| exceeding(&op.caller.grants, role, &given.scope).is_empty())
    };
    let rows = assignments
        .into_iter()
        .map(|given| (takes(&given), given))
        .collect();
    Ok(view! {
        <FormErrors state={FormState::of::<RoleAssignmentDelete>()} />
        <People people />
        <div class="columns access">
            <RoleTable rows query />
            <div class="stack">
                {may_give
                    .then(|| view! { <GiveRole scope=scope roles state={FormState::of::<RoleAssignmentCreate>()} /> })}
                {may_find.then(|| view! { <AccessCheck checked /> })}
            </div>
        </div>
    }
    .into_any())
}

async fn oneself(services: &Services, op: &OpContext, scope: Scope) -> Result<AnyView, Refusal> {
    let own = services
        .access_check(op, scope.as_str(), op.caller.principal)
        .await?;
    let reasons = check::reasons(&own, op.caller.principal);
    Ok(view! {
        <Section title="Your access">
            {reasons}
            <Callout tone=Tone::Info title="Who else has access is shown to those who may see role assignments here." />
        </Section>
    }
    .into_any())
}
