//! What access pages know of people.

use crate::ssr::Services;
use domain::rbac::Action;
use domain::tenant::PrincipalView;
use domain::{OpContext, PageRequest, Problem, Rule, Violation};

use crate::refusal::Refusal;

/// As many people are offered while somebody types a user name.
const OFFERED: u32 = 200;

/// Most user names that hold another one whole, such as `ann@x` and `joann@x`.
const NAMESAKES: u32 = 1000;

/// Whether the caller may look people up: by the rule that the services enforce.
#[must_use]
pub fn may_find_people(op: &OpContext) -> bool {
    op.may(Action::PrincipalRead, "/") || !op.scopes(Action::RoleAssignmentWrite).is_empty()
}

/// The people, groups and programs to offer; in a large organisation the first of them by name.
///
/// # Errors
/// `AuthorizationFailed`.
pub async fn offered(services: &Services, op: &OpContext) -> Result<Vec<PrincipalView>, Refusal> {
    let page = PageRequest {
        limit: OFFERED,
        ..PageRequest::default()
    };
    Ok(services.principal_list(op, &page).await?.items)
}

/// Whom a user name belongs to.
///
/// # Errors
/// `InvalidRequest` at `principal` when it is nobody's, `AuthorizationFailed`.
pub async fn principal(
    services: &Services,
    op: &OpContext,
    user_name: &str,
) -> Result<PrincipalView, Refusal> {
    let user_name = user_name.trim();
    if user_name.is_empty() {
        return Err(
            Problem::from_violations(vec![Violation::new(Rule::Required, "principal")]).into(),
        );
    }
    let page = PageRequest {
        limit: NAMESAKES,
        filter: Some(user_name.to_owned()),
        ..PageRequest::default()
    };
    let found = services.principal_list(op, &page).await?.items;
    let key = user_name.to_lowercase();
    let nobody = || {
        let message = format!("Nobody here has the user name “{user_name}”.");
        Refusal(Problem::new(domain::Code::InvalidRequest, message).at("principal"))
    };
    found
        .into_iter()
        .find(|who| who.user_name.to_lowercase() == key)
        .ok_or_else(nobody)
}
