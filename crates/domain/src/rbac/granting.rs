//! Nobody grants more than they hold.

use super::{Action, Grant, RoleDefinition, allows};

/// The actions of a role that these grants do not allow at the scope: with any, the role may not be given there.
#[must_use]
pub fn exceeding(grants: &[Grant], role: &RoleDefinition, scope: &str) -> Vec<Action> {
    let scope = scope.to_lowercase();
    let beyond = |action: &&Action| role.allows(**action) && !allows(grants, **action, &scope);
    Action::ALL.iter().filter(beyond).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::super::BUILT_IN;
    use super::*;

    fn role(name: &str) -> &'static RoleDefinition {
        BUILT_IN
            .iter()
            .find(|role| role.name == name)
            .expect("a built-in role")
    }

    fn grant(name: &str, scope: &str) -> Grant {
        Grant {
            role: role(name).id,
            scope: scope.to_owned(),
        }
    }

    #[test]
    fn an_owner_gives_every_role_below_their_scope_and_none_above() {
        let grants = [grant("Owner", "/subscriptions/s")];
        for given in BUILT_IN {
            assert_eq!(
                exceeding(&grants, given, "/subscriptions/S/resourceGroups/rg"),
                []
            );
            assert_ne!(exceeding(&grants, given, "/"), [], "{}", given.name);
        }
    }

    #[test]
    fn an_access_administrator_gives_what_they_can_do_themselves() {
        let grants = [grant("User Access Administrator", "/")];
        assert_eq!(exceeding(&grants, role("Reader"), "/"), []);
        assert_eq!(
            exceeding(&grants, role("User Access Administrator"), "/"),
            []
        );
        assert!(exceeding(&grants, role("Contributor"), "/").contains(&Action::LabWrite));
        assert!(!exceeding(&grants, role("Owner"), "/").is_empty());
    }
}
