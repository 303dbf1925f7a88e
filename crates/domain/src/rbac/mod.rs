//! Who may do what: role definitions with action patterns, assigned at a scope, inherited downward.

mod action;
mod granting;
mod role;

pub use action::Action;
pub use granting::exceeding;
pub use role::{BUILT_IN, RoleDefinition, built_in};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::problem::{Code, Problem};

/// One role at one scope, as assigned to the caller or to a group of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// The role definition.
    pub role: Uuid,
    /// Lower-case scope: `/` for the whole tenant, else a resource id's key.
    pub scope: String,
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
    grants.iter().any(|grant| {
        covers(&grant.scope, resource) && built_in(grant.role).is_some_and(|r| r.allows(action))
    })
}

/// The scopes at which the action is allowed: a list shows what lies in them.
#[must_use]
pub fn scopes(grants: &[Grant], action: Action) -> Vec<String> {
    let mut scopes: Vec<String> = grants
        .iter()
        .filter(|grant| built_in(grant.role).is_some_and(|r| r.allows(action)))
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
mod tests {
    use super::*;

    fn grant(role: &str, scope: &str) -> Grant {
        let role = BUILT_IN
            .iter()
            .find(|r| r.name == role)
            .expect("a built-in role");
        Grant {
            role: role.id,
            scope: scope.to_owned(),
        }
    }

    #[test]
    fn a_grant_never_reaches_a_sibling_with_the_same_prefix() {
        let grants = [grant("Owner", "/subscriptions/s/resourcegroups/rg")];
        assert!(allows(
            &grants,
            Action::LabRead,
            "/subscriptions/s/resourcegroups/rg/providers/x"
        ));
        assert!(!allows(
            &grants,
            Action::LabRead,
            "/subscriptions/s/resourcegroups/rg2/providers/x"
        ));
        assert!(!allows(&grants, Action::LabRead, "/subscriptions/s"));
    }

    #[test]
    fn what_cannot_be_seen_is_not_found_and_what_can_is_forbidden() {
        let grants = [grant("Reader", "/subscriptions/s")];
        let seen = authorize(
            &grants,
            Action::LabWrite,
            Action::LabRead,
            "/subscriptions/S/x",
        )
        .expect_err("refused");
        assert_eq!(seen.code, Code::AuthorizationFailed);
        let unseen = authorize(
            &grants,
            Action::LabWrite,
            Action::LabRead,
            "/subscriptions/t",
        )
        .expect_err("refused");
        assert_eq!(unseen.code, Code::ResourceNotFound);
    }

    #[test]
    fn role_times_action_matrix() {
        let mut table = String::new();
        for role in BUILT_IN {
            table.push_str(&format!("{}\n", role.name));
            for action in Action::ALL {
                table.push_str(&format!(
                    "  {} {}\n",
                    if role.allows(*action) { "yes" } else { " - " },
                    action.as_str()
                ));
            }
        }
        insta::assert_snapshot!(table);
    }
}
