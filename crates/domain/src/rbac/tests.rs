use super::*;

mod properties;

fn grant(role: &str, scope: &str) -> Grant {
    let role = BUILT_IN
        .iter()
        .find(|r| r.name == role)
        .expect("a built-in role");
    Grant::of(role, scope)
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

/// Roles are columns, actions rows, so that a person can compare it with the modelled service's table line by line.
#[test]
fn role_times_action_matrix() {
    let mut table = String::new();
    for (at, role) in BUILT_IN.iter().enumerate() {
        table.push_str(&format!("{}{}\n", "│ ".repeat(at), role.name));
    }
    for action in Action::ALL {
        for role in BUILT_IN {
            table.push_str(if role.allows(*action) { "● " } else { "· " });
        }
        table.push_str(&format!(" {}\n", action.as_str()));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn no_two_roles_share_an_id_or_a_name() {
    for (at, role) in BUILT_IN.iter().enumerate() {
        let others = &BUILT_IN[at + 1..];
        assert!(
            !others
                .iter()
                .any(|o| o.id == role.id || o.name == role.name),
            "{}",
            role.name
        );
    }
    assert_eq!(OWNER.name, "Owner");
}

#[test]
fn every_pattern_of_a_built_in_role_allows_something() {
    for role in BUILT_IN {
        for pattern in role.actions.iter().chain(role.not_actions) {
            assert!(
                !ActionSet::matching(&[*pattern], &[]).is_empty(),
                "{}: {pattern}",
                role.name
            );
        }
    }
}
