//! Grants across tenants: what may be done with what another organisation shares. Rules A56-A61, C1.

use uuid::Uuid;

use super::{Action, ActionSet, Grant};

/// All that grants allow across tenants: to see what is shared and to make labs and copies from it. Whoever has more
/// rights in the other organisation uses them there.
pub const SHARED: ActionSet =
    ActionSet::of(&[Action::GalleryRead, Action::ImageRead, Action::VersionRead]);

/// The subscription that a scope or resource lies in, as the scope of it; none for the whole tenant.
#[must_use]
pub fn subscription_scope(scope: &str) -> Option<&str> {
    let rest = scope.strip_prefix("/subscriptions/")?;
    let name = rest.split('/').next().filter(|name| !name.is_empty())?;
    Some(&scope[.."/subscriptions/".len() + name.len()])
}

/// Which of two sets of grants judges a resource: the foreign ones alone where its subscription is one of theirs, the
/// own ones alone everywhere else. So an owner's “everything” never means what another organisation shares.
#[must_use]
pub fn judging<'a>(own: &'a [Grant], foreign: &'a [Grant], resource: &str) -> &'a [Grant] {
    if is_abroad(foreign, resource) {
        foreign
    } else {
        own
    }
}

/// Whether the resource lies in a subscription of one of the foreign grants.
#[must_use]
pub fn is_abroad(foreign: &[Grant], resource: &str) -> bool {
    let place = subscription_scope(resource);
    place.is_some()
        && foreign
            .iter()
            .any(|grant| subscription_scope(&grant.scope) == place)
}

/// What grants in one tenant mean to somebody who acts in another: each is cut down to [`SHARED`], and one of the
/// whole tenant becomes one of each of that tenant's subscriptions. A grant outside of these is none.
#[must_use]
pub fn lent(grants: &[Grant], subscriptions: &[Uuid]) -> Vec<Grant> {
    let places: Vec<String> = subscriptions
        .iter()
        .map(|id| format!("/subscriptions/{id}"))
        .collect();
    let mut found = Vec::new();
    for grant in grants {
        let actions = grant.actions.and(SHARED);
        if actions.is_empty() {
            continue;
        }
        let at = |scope: String| Grant {
            scope,
            role: grant.role,
            actions,
        };
        if grant.scope == "/" {
            found.extend(places.iter().cloned().map(at));
        } else if subscription_scope(&grant.scope)
            .is_some_and(|place| places.iter().any(|known| known == place))
        {
            found.push(at(grant.scope.clone()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{OWNER, allows};
    use super::*;

    #[test]
    fn the_subscription_of_a_scope_is_its_first_two_segments() {
        assert_eq!(
            subscription_scope("/subscriptions/s/resourcegroups/rg"),
            Some("/subscriptions/s")
        );
        assert_eq!(
            subscription_scope("/subscriptions/s"),
            Some("/subscriptions/s")
        );
        for none in ["/", "", "/subscriptions/", "/principals/x"] {
            assert_eq!(subscription_scope(none), None, "{none}");
        }
    }

    #[test]
    fn a_grant_of_the_whole_tenant_is_lent_as_its_subscriptions_and_to_read_images_alone() {
        let (own, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let grants = [
            Grant::of(OWNER, "/"),
            Grant::of(OWNER, format!("/subscriptions/{other}")),
        ];
        let lent = lent(&grants, &[own]);
        assert_eq!(lent.len(), 1);
        let gallery = format!("/subscriptions/{own}/resourcegroups/rg/providers/x/galleries/g");
        assert!(allows(&lent, Action::GalleryRead, &gallery));
        assert!(!allows(&lent, Action::GalleryWrite, &gallery));
        assert!(!allows(&lent, Action::RoleAssignmentRead, &gallery));
    }
}
