//! What must hold for all grants and all resources: nothing leaks up, sideways or across organisations.

use proptest::prelude::*;

use super::super::*;

/// Names that are prefixes of one another, so that a comparison of mere texts would be caught.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just("a"), Just("ab"), Just("abc"), Just("b")].prop_map(str::to_owned)
}

/// Some resource: a subscription, a group, a gallery, a definition or a version.
fn resource() -> impl Strategy<Value = String> {
    (name(), name(), name(), name(), name(), 1_usize..=5).prop_map(|(s, r, g, i, v, depth)| {
        let parts = [
            format!("/subscriptions/{s}"),
            format!("/resourcegroups/{r}"),
            format!("/providers/microsoft.compute/galleries/{g}"),
            format!("/images/{i}"),
            format!("/versions/{v}"),
        ];
        parts[..depth].concat()
    })
}

fn grant() -> impl Strategy<Value = Grant> {
    (prop::sample::select(BUILT_IN), resource(), 0..8).prop_map(|(role, scope, whole)| {
        Grant::of(&role, if whole == 0 { "/".to_owned() } else { scope })
    })
}

fn action() -> impl Strategy<Value = Action> {
    prop::sample::select(Action::ALL)
}

/// Segment by segment: what [`covers`] must mean.
fn lies_in(resource: &str, scope: &str) -> bool {
    let segments = |text: &str| -> Vec<String> {
        text.split('/')
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .collect()
    };
    segments(resource).starts_with(&segments(scope))
}

proptest! {
    #[test]
    fn a_right_reaches_exactly_what_lies_at_or_below_its_scope(
        grants in prop::collection::vec(grant(), 0..6), action in action(), resource in resource()
    ) {
        let expected = grants
            .iter()
            .any(|grant| grant.actions.contains(action) && lies_in(&resource, &grant.scope));
        prop_assert_eq!(allows(&grants, action, &resource), expected);
    }

    #[test]
    fn rule_a59_a_share_of_a_definition_reaches_neither_its_gallery_nor_its_siblings(
        role in prop::sample::select(BUILT_IN), gallery in name(), shared in name(), other in name(), action in action()
    ) {
        let gallery = format!("/subscriptions/s/resourcegroups/r/providers/microsoft.compute/galleries/{gallery}");
        let grants = [Grant::of(&role, format!("{gallery}/images/{shared}"))];
        prop_assert!(!allows(&grants, action, &gallery));
        if other != shared {
            prop_assert!(!allows(&grants, action, &format!("{gallery}/images/{other}")), "{}", other);
        }
        let version = format!("{gallery}/images/{shared}/versions/1.0.0");
        prop_assert_eq!(allows(&grants, action, &version), role.allows(action));
    }

    #[test]
    fn what_a_parent_allows_its_children_inherit(
        grants in prop::collection::vec(grant(), 0..6), action in action(), resource in resource(), child in name()
    ) {
        let below = format!("{resource}/images/{child}");
        prop_assert!(!allows(&grants, action, &resource) || allows(&grants, action, &below));
    }

    #[test]
    fn own_rights_never_reach_what_is_foreign_and_foreign_ones_never_what_is_own(
        own in prop::collection::vec(grant(), 0..6), theirs in prop::collection::vec(grant(), 0..6),
        action in action(), resource in resource()
    ) {
        // Foreign grants are at a subscription or deeper; own ones may be anywhere.
        let foreign: Vec<Grant> = theirs.into_iter().filter(|grant| grant.scope != "/").collect();
        let is_foreign = foreign
            .iter()
            .any(|grant| subscription_scope(&grant.scope) == subscription_scope(&resource));
        let judged = allows(judging(&own, &foreign, &resource), action, &resource);
        let alone = if is_foreign { &foreign } else { &own };
        prop_assert_eq!(judged, allows(alone, action, &resource));
        // The tenant itself is nobody else's.
        prop_assert_eq!(allows(judging(&own, &foreign, "/"), action, "/"), allows(&own, action, "/"));
    }

    #[test]
    fn what_is_lent_reads_images_alone_and_only_in_the_lenders_subscriptions(
        roles in prop::collection::vec(prop::sample::select(BUILT_IN), 0..6), action in action(),
        held in any::<bool>(), at in 0..3_usize
    ) {
        let (mine, yours) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let scopes = ["/".to_owned(), format!("/subscriptions/{mine}"), format!("/subscriptions/{yours}")];
        let grants: Vec<Grant> = roles.iter().map(|role| Grant::of(role, scopes[at].clone())).collect();
        let lent = lent(&grants, &[mine]);
        let place = format!("/subscriptions/{}/resourcegroups/r", if held { mine } else { yours });
        let expected = held && at < 2 && SHARED.contains(action) && roles.iter().any(|role| role.allows(action));
        prop_assert_eq!(allows(&lent, action, &place), expected);
    }

    #[test]
    fn nobody_gives_what_they_do_not_hold(
        grants in prop::collection::vec(grant(), 0..6), role in prop::sample::select(BUILT_IN), scope in resource()
    ) {
        let may_give = exceeding(&grants, role.set(), &scope).is_empty();
        let holds_all = role.set().iter().all(|action| allows(&grants, action, &scope));
        prop_assert_eq!(may_give, holds_all);
    }
}
