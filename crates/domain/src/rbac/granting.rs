//! Nobody grants more than they hold.

use super::{Action, ActionSet, Grant, allows};

/// The actions of a role that these grants do not allow at the scope: with any, the role may not be given there.
#[must_use]
pub fn exceeding(grants: &[Grant], given: ActionSet, scope: &str) -> Vec<Action> {
    let scope = scope.to_lowercase();
    given
        .iter()
        .filter(|action| !allows(grants, *action, &scope))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{BUILT_IN, RoleDefinition};
    use super::*;

    fn role(name: &str) -> &'static RoleDefinition {
        BUILT_IN
            .iter()
            .find(|role| role.name == name)
            .expect("a built-in role")
    }

    #[test]
    fn an_owner_gives_every_role_below_their_scope_and_none_above() {
        let grants = [Grant::of(role("Owner"), "/subscriptions/s")];
        for given in BUILT_IN {
            assert_eq!(
                exceeding(&grants, given.set(), "/subscriptions/S/resourceGroups/rg"),
                []
            );
            assert_ne!(exceeding(&grants, given.set(), "/"), [], "{}", given.name);
        }
    }

    #[test]
    fn an_access_administrator_gives_what_they_can_do_themselves() {
        let grants = [Grant::of(role("User Access Administrator"), "/")];
        let beyond = |name| exceeding(&grants, role(name).set(), "/");
        assert_eq!(beyond("Reader"), []);
        assert_eq!(beyond("User Access Administrator"), []);
        assert!(beyond("Contributor").contains(&Action::LabWrite));
        assert!(!beyond("Owner").is_empty());
    }
}
