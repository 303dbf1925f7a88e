use super::*;

fn open() -> Admission {
    Admission {
        by_domain: true,
        by_group: true,
        by_invitation: true,
        group_claim: "groups".to_owned(),
        allowed_groups: vec!["staff".to_owned()],
    }
}

fn proof(email: &str, verified: bool, groups: &[&str]) -> Proof {
    Proof {
        issuer: "https://id.example".to_owned(),
        subject: "s".to_owned(),
        email: Some(email.to_owned()),
        email_verified: verified,
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        ..Proof::default()
    }
}

#[test]
fn each_road_lets_in_whom_it_is_for_and_nobody_else() {
    let domains = ["contoso.example".to_owned()];
    let only = |domain, group, invitation| Admission {
        by_domain: domain,
        by_group: group,
        by_invitation: invitation,
        ..open()
    };
    let ada = proof("Ada@Contoso.Example", true, &["staff"]);
    let unverified = proof("ada@contoso.example", false, &["students"]);
    let foreign = proof("ada@evil.example", true, &[]);
    let nobody = Proof::default();
    type Row<'a> = (Admission, &'a Proof, bool, Result<Road, Vec<NotAdmitted>>);
    let rows: [Row<'_>; 13] = [
        (only(true, false, false), &ada, false, Ok(Road::Domain)),
        (
            only(true, false, false),
            &unverified,
            true,
            Err(vec![NotAdmitted::EmailUnverified]),
        ),
        (
            only(true, false, false),
            &foreign,
            true,
            Err(vec![NotAdmitted::ForeignDomain]),
        ),
        (
            only(true, false, false),
            &nobody,
            true,
            Err(vec![NotAdmitted::NoEmail]),
        ),
        (only(false, true, false), &ada, false, Ok(Road::Group)),
        (
            only(false, true, false),
            &unverified,
            true,
            Err(vec![NotAdmitted::NoAllowedGroup]),
        ),
        (
            only(false, false, true),
            &foreign,
            true,
            Ok(Road::Invitation),
        ),
        (
            only(false, false, true),
            &ada,
            false,
            Err(vec![NotAdmitted::NotInvited]),
        ),
        (
            only(false, false, false),
            &ada,
            true,
            Err(vec![NotAdmitted::Closed]),
        ),
        (open(), &ada, true, Ok(Road::Invitation)),
        (open(), &ada, false, Ok(Road::Domain)),
        (
            open(),
            &proof("x@evil.example", true, &["staff"]),
            false,
            Ok(Road::Group),
        ),
        (
            open(),
            &foreign,
            false,
            Err(vec![
                NotAdmitted::NoAllowedGroup,
                NotAdmitted::ForeignDomain,
                NotAdmitted::NotInvited,
            ]),
        ),
    ];
    for (index, (admission, proof, invited, expected)) in rows.into_iter().enumerate() {
        assert_eq!(
            admit(&admission, proof, &domains, invited),
            expected,
            "row {index}"
        );
    }
}

#[test]
fn a_domain_that_only_ends_alike_lets_nobody_in() {
    let domains = ["contoso.example".to_owned()];
    let admission = Admission {
        by_group: false,
        by_invitation: false,
        ..open()
    };
    for email in [
        "a@evilcontoso.example",
        "a@contoso.example.evil.example",
        "a@sub.contoso.example",
        "contoso.example",
        "@contoso.example",
    ] {
        assert!(
            admit(&admission, &proof(email, true, &[]), &domains, false).is_err(),
            "{email}"
        );
    }
}

#[test]
fn issuers_are_https_addresses_without_query_and_user() {
    for good in [
        "https://id.example",
        "https://id.example:8443/realms/school",
        "https://id.example/",
    ] {
        assert!(is_issuer(good, Reach::Public), "{good}");
    }
    for bad in [
        "",
        "id.example",
        "http://id.example",
        "http://localhost:3000",
        "https://",
        "https:///x",
        "https://id.example?x",
        "https://id.example#x",
        "https://u@id.example",
        "https://id example",
        "https://id.example/\"",
        "ftp://id.example",
        "https://id.example/{tenantid}",
    ] {
        assert!(!is_issuer(bad, Reach::Private), "{bad}");
    }
    assert!(is_issuer("http://127.0.0.1:3000/a", Reach::Loopback));
    assert!(is_issuer("http://localhost:3000", Reach::Loopback));
    assert!(!is_issuer("http://127.0.0.1.evil.example", Reach::Loopback));
    assert!(!is_issuer("http://id.example", Reach::Loopback));
}

#[test]
fn a_provider_needs_a_name_an_issuer_and_a_client_and_groups_only_when_they_admit() {
    let good = ProviderInput {
        name: "School".to_owned(),
        issuer: "https://id.example".to_owned(),
        client_id: "vitrine".to_owned(),
        scopes: "profile email".to_owned(),
        ..ProviderInput::default()
    };
    assert!(provider(&good, Reach::Public).is_empty());
    let targets = |input: &ProviderInput| {
        let broken = provider(input, Reach::Public);
        broken
            .into_iter()
            .map(|violation| violation.target)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        targets(&ProviderInput::default()),
        ["name", "issuer", "clientId"]
    );
    let grouped = ProviderInput {
        admission: Admission {
            by_group: true,
            ..Admission::default()
        },
        ..good.clone()
    };
    assert_eq!(targets(&grouped), ["groupClaim"]);
    let shared = ProviderInput {
        kind: ProviderKind::MultiTenant,
        client_id: String::new(),
        ..good
    };
    assert_eq!(targets(&shared), ["tid"]);
}

#[test]
fn domains_have_two_labels_of_plain_characters() {
    for good in ["contoso.example", "a-b.c.example", "x1.y2"] {
        assert!(is_domain(good), "{good}");
    }
    for bad in [
        "",
        "contoso",
        ".example",
        "a..b",
        "-a.b",
        "a-.b",
        "a b.c",
        "A.b",
        "a.b/c",
        "organizations",
    ] {
        assert!(!is_domain(bad), "{bad}");
    }
}

#[test]
fn names_from_providers_lose_what_could_disturb() {
    let proof = Proof {
        name: Some(" Ada\u{202e}\r\nLovelace ".to_owned()),
        user_name: Some("admin@contoso.example".to_owned()),
        email: Some("ada@id.example".to_owned()),
        email_verified: true,
        ..Proof::default()
    };
    assert_eq!(proof.display_name(), "AdaLovelace");
    assert_eq!(proof.sign_in_name(), "ada@id.example");
    let unvouched = Proof {
        email_verified: false,
        ..proof
    };
    assert_eq!(unvouched.sign_in_name(), "admin@contoso.example");
    assert_eq!(
        Proof {
            subject: "x".repeat(300),
            ..Proof::default()
        }
        .display_name()
        .len(),
        100
    );
}

#[test]
fn the_host_of_an_issuer_stands_without_its_port() {
    assert_eq!(
        issuer_host("https://id.example:8443/realms/a"),
        "id.example"
    );
    assert_eq!(issuer_host("https://id.example"), "id.example");
    assert_eq!(
        domain_of(" Ada@Contoso.Example "),
        Some("contoso.example".to_owned())
    );
    assert_eq!(domain_of("ada"), None);
}
