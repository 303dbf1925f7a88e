//! Checking what somebody may do at a scope, and why.

use crate::ssr::Services;
use domain::OpContext;
use domain::tenant::{PrincipalKind, PrincipalView, RoleAssignmentView};
use leptos::prelude::*;
use uuid::Uuid;

use super::give::PersonInput;
use super::queries;
use super::scope::Scope;
use crate::features::search::Named;
use crate::refusal::Refusal;
use crate::ssr;
use crate::ui::{Callout, Card, Hidden, SubmitButton, Tone};

/// The key in the address under which a user name is asked about.
const WHO: &str = "who";

/// What was asked, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    user_name: String,
    answer: Result<(PrincipalView, Vec<RoleAssignmentView>), String>,
}

/// The answer to the question that the address asks.
///
/// # Errors
/// Those of the use case; a name that is nobody's is an answer.
pub(super) async fn asked(
    services: &Services,
    op: &OpContext,
    scope: &Scope,
) -> Result<Option<Checked>, Refusal> {
    let query = ssr::query();
    let Some(user_name) = query.get(WHO).map(str::to_owned) else {
        return Ok(None);
    };
    let answer = match queries::principal(services, op, &user_name).await {
        Ok(who) => {
            let roles = services.access_check(op, scope.as_str(), who.id).await?;
            Ok((who, roles))
        }
        Err(Refusal(problem)) => Err(problem.message),
    };
    Ok(Some(Checked { user_name, answer }))
}

/// Asks about somebody by their user name, and shows the answer.
#[component]
pub(super) fn AccessCheck(checked: Option<Checked>) -> impl IntoView {
    let query = ssr::query();
    let kept = query
        .others(&[WHO])
        .into_iter()
        .map(|(name, value)| view! { <Hidden name value /> });
    let kept = kept.collect_view();
    let action = format!("{}#check", query.path());
    let (typed, error) = match &checked {
        Some(Checked { user_name, answer }) => {
            (Some(user_name.clone()), answer.as_ref().err().cloned())
        }
        None => (None, None),
    };
    let answer = checked
        .and_then(|checked| checked.answer.ok())
        .map(|(who, roles)| answer(&who, &roles));
    view! {
        <Card title="Check somebody’s access" id="check">
            <form class="form" method="get" action=action>
                {kept}
                <PersonInput name=WHO label="User name to check" value=typed error />
                <div class="form-actions">
                    <SubmitButton>"Check"</SubmitButton>
                </div>
            </form>
            {answer}
        </Card>
    }
    .into_any()
}

fn answer(who: &PrincipalView, roles: &[RoleAssignmentView]) -> AnyView {
    let barred = (!who.enabled).then(|| {
        let title = format!("{} may not sign in", who.display_name);
        view! { <Callout tone=Tone::Warn title><p>"The roles count again once the account is allowed to sign in."</p></Callout> }
    });
    let title = match (who.kind, roles.is_empty()) {
        (_, true) => format!("{} has no access here.", who.display_name),
        (PrincipalKind::Group, false) => {
            format!("The members of {} have access here:", who.display_name)
        }
        (_, false) => format!("{} has access here:", who.display_name),
    };
    view! {
        <div class="stack-tight" role="status">
            {barred}
            <p class="strong">{title}</p>
            {reasons(roles, who.id)}
        </div>
    }
    .into_any()
}

/// Each role that reaches somebody, with how it does.
pub(super) fn reasons(roles: &[RoleAssignmentView], who: Uuid) -> AnyView {
    if roles.is_empty() {
        return view! { <p class="muted small">"No role given here, above, or to a group reaches this place."</p> }.into_any();
    }
    let lines = roles.iter().map(|given| {
        let about = given.role_description.clone();
        let to = (given.principal.id != who)
            .then(|| format!("through the group “{}”, ", given.principal.display_name));
        let place = if given.inherited {
            let named = Named::of(&given.scope);
            view! { "inherited from " {named.link()} }.into_any()
        } else {
            "given here".into_any()
        };
        view! {
            <li>
                <span class="strong">{given.role_name.clone()}</span>
                <span class="small muted">" " {about}</span>
                <br />
                <span class="small">{to} {place}</span>
            </li>
        }
    });
    view! { <ul class="reasons">{lines.collect_view()}</ul> }.into_any()
}
