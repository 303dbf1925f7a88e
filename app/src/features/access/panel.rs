//! Who has access to one resource, for the tab that every resource has.

use crate::ssr::Services;
use domain::rbac::{Action, RoleView, exceeding};
use domain::{OpContext, ResourceId};
use leptos::prelude::*;

use super::actions::{RoleAssignmentCreate, RoleAssignmentDelete};
use super::check::AccessCheck;
use super::give::{GiveRole, People};
use super::scope::Scope;
use super::table::RoleTable;
use super::{check, queries};
use crate::features::share::{self, ShareReasons};
use crate::refusal::Refusal;
use crate::ssr;
use crate::ui::{Callout, FormErrors, FormState, Section, Tone};

/// Roles at a scope, given there and above it; giving and taking roles; checking somebody's access. Who may not see
/// the roles of others sees their own.
#[component]
pub fn AccessPanel(#[prop(into)] scope: Scope) -> impl IntoView {
    ssr::part(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        if op.is_abroad(&scope.as_str().to_lowercase()) {
            Ok(abroad(&scope))
        } else if op.may(Action::RoleAssignmentRead, scope.as_str()) {
            everybody(&services, &op, scope).await
        } else {
            oneself(&services, &op, scope).await
        }
    })
}

/// The roles that the caller may give at the scope: nobody gives more than they hold.
async fn grantable(
    services: &Services,
    op: &OpContext,
    scope: &Scope,
) -> Result<Vec<RoleView>, Refusal> {
    if !op.may(Action::RoleAssignmentWrite, scope.as_str()) {
        return Ok(Vec::new());
    }
    let mut roles = services.role_list(op).await?;
    roles.retain(|role| {
        role.is_assignable_at(scope.as_str())
            && exceeding(&op.caller.grants, role.set(), scope.as_str()).is_empty()
    });
    Ok(roles)
}

async fn everybody(services: &Services, op: &OpContext, scope: Scope) -> Result<AnyView, Refusal> {
    let assignments = services.role_assignment_list(op, scope.as_str()).await?;
    let roles = grantable(services, op, &scope).await?;
    let shares = match ResourceId::parse(scope.as_str()) {
        Ok(id) => share::panel::panel(services, op, &id).await?,
        Err(_) => None,
    };
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
    Ok(view! {
        <FormErrors state={FormState::of::<RoleAssignmentDelete>()} />
        <People people />
        <div class="columns access">
            <RoleTable rows=assignments query />
            <div class="stack">
                {may_give
                    .then(|| view! { <GiveRole scope=scope roles state={FormState::of::<RoleAssignmentCreate>()} /> })}
                {may_find.then(|| view! { <AccessCheck checked /> })}
            </div>
        </div>
        {shares}
    }
    .into_any())
}

/// What another organisation shares: its own roles are no matter of the caller's.
fn abroad(scope: &Scope) -> AnyView {
    match ResourceId::parse(scope.as_str()) {
        Ok(scope) => view! { <ShareReasons scope /> }.into_any(),
        Err(_) => ().into_any(),
    }
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
