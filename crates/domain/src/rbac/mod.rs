//! Who may do what: role definitions with action patterns, assigned at a scope, inherited downward.

mod action;
mod custom;
mod foreign;
mod granting;
mod pattern;
mod role;
mod set;

pub use action::Action;
pub use custom::{RoleInput, RoleView};
pub use foreign::{SHARED, is_abroad, judging, lent, subscription_scope};
pub use granting::exceeding;
pub use role::{BUILT_IN, OWNER, RoleDefinition, built_in};
pub use set::ActionSet;

use uuid::Uuid;

use crate::problem::{Code, Problem};

/// One role at one scope, as assigned to the caller or to a group of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    /// The role definition.
    pub role: Uuid,
    /// Lower-case scope: `/` for the whole tenant, else a resource id's key.
    pub scope: String,
    /// What the role allows, worked out when the caller was loaded.
    pub actions: ActionSet,
}

impl Grant {
    /// A built-in role at a scope.
    #[must_use]
    pub fn of(role: &RoleDefinition, scope: impl Into<String>) -> Self {
        Self {
            role: role.id,
            scope: scope.into(),
            actions: role.set(),
        }
    }
}

/// Whether a scope covers a resource: the same, or an ancestor of it. Both in lower case.
#[must_use]
pub fn covers(scope: &str, resource: &str) -> bool {
    scope == "/"
        || resource == scope
        || (resource.starts_with(scope) && resource.as_bytes()[scope.len()] == b'/')
}

/// Whether these grants allow the action on the resource (its key, lower case).
#[must_use]
pub fn allows(grants: &[Grant], action: Action, resource: &str) -> bool {
    grants
        .iter()
        .any(|grant| grant.actions.contains(action) && covers(&grant.scope, resource))
}

/// The scopes at which the action is allowed: a list shows what lies in them.
#[must_use]
pub fn scopes(grants: &[Grant], action: Action) -> Vec<String> {
    let mut scopes: Vec<String> = grants
        .iter()
        .filter(|grant| grant.actions.contains(action))
        .map(|grant| grant.scope.clone())
        .collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// Allows the action, or says why not without telling what the caller may not know of.
///
/// `visible` is the action that reveals the resource: without it the answer is 404, with it 403.
///
/// # Errors
/// `ResourceNotFound` when the caller may not see the resource, `AuthorizationFailed` when only the action is missing.
pub fn authorize(
    grants: &[Grant],
    action: Action,
    visible: Action,
    resource: &str,
) -> Result<(), Problem> {
    let resource = resource.to_lowercase();
    if allows(grants, action, &resource) {
        return Ok(());
    }
    if allows(grants, visible, &resource) {
        let message = format!(
            "You lack the right “{}” here. Ask an owner of the resource for a role that has it.",
            action.as_str()
        );
        return Err(Problem::new(Code::AuthorizationFailed, message).at(action.as_str()));
    }
    Err(Problem::not_found("The resource"))
}

#[cfg(test)]
mod tests;
