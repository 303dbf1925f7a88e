//! Whom providers let in, into which groups, and into which organisation.

use axum::http::StatusCode;
use domain::identity::{Admission, ProviderInput, ProviderKind, Reach};
use domain::tenant::PrincipalKind;
use serde_json::json;
use services::identity::{NewPrincipal, SharedIssuer};
use testkit::{FakeIssuer, TestPortal};

use super::{Stage, ada, input, open, owner, page_of, provider, sign_in_locally, tenant};
use crate::browser::Browser;
use crate::portal::Server;

#[tokio::test]
async fn a_person_is_let_in_once_and_known_again_by_subject_alone() {
    let stage = Stage::open().await;
    let browser = Browser::new(&stage.server);
    let answer = stage.come(&browser).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/")
    );
    assert!(
        page_of(&browser)
            .await
            .text
            .contains("School contoso.example")
    );

    // Another address, the same subject: the same person. Neither verified nor ours any more, and still known.
    stage
        .issuer
        .person(json!({ "sub": "ada-1", "name": "Ada Married", "email": "ada@elsewhere.example" }));
    let answer = stage.come(&Browser::new(&stage.server)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(stage.people().await, ["ada@contoso.example"]);

    // The same address, another subject: another person, who does not get the first one's name.
    stage.issuer.person(json!({ "sub": "eve", "name": "Ada", "email": "ada@contoso.example", "email_verified": true }));
    let answer = stage.come(&Browser::new(&stage.server)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(
        stage.people().await,
        ["ada@contoso.example#127.0.0.1", "ada@contoso.example"]
    );
}

#[tokio::test]
async fn who_bears_the_name_of_a_local_account_does_not_become_its_owner() {
    let stage = Stage::open().await;
    let olga = owner(&stage.server, stage.tenant, "olga@contoso.example").await;
    stage.issuer.person(json!({ "sub": "eve", "name": "Olga", "email": "olga@contoso.example", "email_verified": true }));
    let browser = Browser::new(&stage.server);
    assert_eq!(stage.come(&browser).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/admin").await.status, StatusCode::FORBIDDEN);
    // A subject that is the local account's own leads nowhere either: the issuer is another.
    stage
        .issuer
        .person(json!({ "sub": olga, "email": "x@contoso.example", "email_verified": true }));
    let browser = Browser::new(&stage.server);
    assert_eq!(stage.come(&browser).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/admin").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_is_not_let_in_is_told_why_and_the_log_tells_it_too() {
    let stage = Stage::open().await;
    for (person, sentence) in [
        (
            json!({ "sub": "1", "email": "a@evil.example", "email_verified": true }),
            "not of this organisation",
        ),
        (
            json!({ "sub": "2", "email": "a@contoso.example" }),
            "does not vouch",
        ),
        (
            json!({ "sub": "3", "email": "a@contoso.example", "email_verified": false }),
            "does not vouch",
        ),
        (json!({ "sub": "4" }), "did not tell your e-mail address"),
    ] {
        stage.issuer.person(person);
        let answer = stage.come(&Browser::new(&stage.server)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(
            answer.text.contains(sentence),
            "{sentence}: {}",
            answer.text
        );
    }
    assert!(stage.people().await.is_empty());
    let olga = owner(&stage.server, stage.tenant, "olga@contoso.example").await;
    let ctx = stage
        .server
        .portal
        .ctx(testkit::Person {
            id: olga,
            tenant: stage.tenant,
        })
        .await;
    let log = stage
        .server
        .portal
        .services
        .activity_list(&ctx, None, &domain::PageRequest::default())
        .await
        .expect("the log");
    let refused = log
        .items
        .iter()
        .filter(|line| line.operation == "person_admit");
    assert_eq!(refused.count(), 4);
}

#[tokio::test]
async fn what_the_id_token_leaves_out_is_asked_of_the_user_info_endpoint() {
    let stage = Stage::open().await;
    stage.issuer.be_quiet();
    stage.issuer.lie(testkit::Lie::UserInfo);
    let answer = stage.come(&Browser::new(&stage.server)).await;
    assert!(
        answer.text.contains("did not answer as it should"),
        "{}",
        answer.text
    );
    stage.issuer.lie(testkit::Lie::None);
    let answer = stage.come(&Browser::new(&stage.server)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(stage.people().await, ["ada@contoso.example"]);
}

#[tokio::test]
async fn a_barred_person_stays_out() {
    let stage = Stage::open().await;
    stage.come(&Browser::new(&stage.server)).await;
    let services = &stage.server.portal.services;
    let people = services
        .principal_list(&stage.system(), &domain::PageRequest::default())
        .await
        .expect("people");
    services
        .principal_enable(&stage.system(), people.items[0].id, false)
        .await
        .expect("barred");
    let browser = Browser::new(&stage.server);
    let answer = stage.come(&browser).await;
    assert!(answer.text.contains("used any more"), "{}", answer.text);
    assert!(!browser.cookies.borrow().contains_key("__Host-vitrine"));
}

#[tokio::test]
async fn groups_follow_the_claim_at_each_sign_in_and_others_stay() {
    let stage = Stage::open().await;
    let (services, system) = (&stage.server.portal.services, stage.system());
    let mut groups = Vec::new();
    for name in ["teachers", "students", "choir"] {
        let new = NewPrincipal {
            kind: PrincipalKind::Group,
            display_name: name.to_owned(),
            user_name: name.to_owned(),
        };
        groups.push(
            services
                .principal_create(&system, new)
                .await
                .expect("a group")
                .id,
        );
    }
    let [teachers, students, choir] = groups.try_into().expect("three groups");
    let grouped = ProviderInput {
        admission: Admission {
            by_group: true,
            group_claim: "realm.roles".to_owned(),
            allowed_groups: vec!["staff".to_owned()],
            ..Admission::default()
        },
        ..input(&stage.issuer)
    };
    services
        .provider_update(&system, stage.provider, grouped)
        .await
        .expect("changed");
    open(&stage.server, stage.tenant, stage.provider).await;
    for (value, group) in [("staff", teachers), ("head", teachers), ("pupil", students)] {
        services
            .group_claim_add(&system, stage.provider, value, group)
            .await
            .expect("a rule");
    }
    let with = |roles: &[&str]| {
        let mut person = ada();
        person["realm"] = json!({ "roles": roles });
        person
    };
    stage.issuer.person(with(&["pupil"]));
    let answer = stage.come(&Browser::new(&stage.server)).await;
    assert!(
        answer.text.contains("none of your groups"),
        "{}",
        answer.text
    );

    let members = async |group| {
        let members = services
            .group_member_list(&system, group)
            .await
            .expect("members");
        members.len()
    };
    stage.issuer.person(with(&["staff"]));
    assert_eq!(
        stage.come(&Browser::new(&stage.server)).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!((members(teachers).await, members(students).await), (1, 0));
    let ada = services
        .group_member_list(&system, teachers)
        .await
        .expect("members")[0]
        .id;
    services
        .group_member_set(&system, choir, ada, true)
        .await
        .expect("a member");
    stage.issuer.person(with(&["head", "pupil"]));
    stage.come(&Browser::new(&stage.server)).await;
    assert_eq!((members(teachers).await, members(students).await), (1, 1));
    stage.issuer.person(with(&[]));
    stage.come(&Browser::new(&stage.server)).await;
    assert_eq!((members(teachers).await, members(students).await), (0, 0));
    assert_eq!(
        members(choir).await,
        1,
        "the choir is none of the provider's business"
    );
}

#[tokio::test]
async fn the_domain_of_the_address_leads_to_the_provider_and_the_choice_offers_both() {
    let stage = Stage::open().await;
    tenant(&stage.server, "fabrikam.example").await;
    let browser = Browser::new(&stage.server);
    let page = browser
        .get("/signin?login_hint=ada%40contoso.example&form=1")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("School login") && page.text.contains("User name and password"),
        "{}",
        page.text
    );
    let (services, system) = (&stage.server.portal.services, stage.system());
    let domain = services.domain_list(&system).await.expect("domains")[0].id;
    services
        .domain_lead(&system, domain, Some(stage.provider))
        .await
        .expect("led");
    let page = browser
        .get("/signin?login_hint=ada%40contoso.example&form=1")
        .await;
    // From a form the browser is led by a page: its policy lets forms lead to ourselves alone.
    let request = super::led_to(&page);
    assert!(
        request.contains("login_hint=ada%40contoso.example"),
        "{request}"
    );
    assert!(page.text.contains("127.0.0.1"), "{}", page.text);
    let callback = stage.issuer.authorize(&request);
    assert_eq!(browser.get(&callback).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_ends_the_session_here_and_leads_to_the_providers_end() {
    let stage = Stage::open().await;
    let browser = Browser::new(&stage.server);
    stage.come(&browser).await;
    let page = browser.post("/signout", &[]).await;
    let there = super::led_to(&page);
    assert!(there.starts_with(stage.issuer.issuer()), "{there}");
    for part in [
        "id_token_hint=ey",
        "client_id=vitrine",
        "post_logout_redirect_uri=https%3A%2F%2Flocalhost%3A8443%2Fsigned-out",
    ] {
        assert!(there.contains(part), "{there}");
    }
    assert_eq!(page_of(&browser).await.status, StatusCode::FOUND);
    // Who signed in with a password has nowhere else to go.
    owner(&stage.server, stage.tenant, "olga@contoso.example").await;
    let browser = Browser::new(&stage.server);
    sign_in_locally(&browser, stage.tenant, "olga@contoso.example").await;
    assert_eq!(
        browser.post("/signout", &[]).await.header("location"),
        "/signed-out"
    );
}

#[tokio::test]
async fn the_shared_issuers_tid_chooses_the_organisation() {
    let mut portal = TestPortal::on_sqlite().await;
    let issuer = FakeIssuer::shared(&portal.clock).await;
    portal
        .reconfigure(|settings| {
            settings.shared_issuer = Some(SharedIssuer {
                issuer: issuer.issuer().to_owned(),
            });
        })
        .await;
    let server = Server::composed(portal, |config| {
        let (file, identity) = (
            config.data.folder.join("client-secret"),
            &mut config.identity,
        );
        std::fs::write(&file, FakeIssuer::SECRET).expect("written");
        identity.provider_reach = Reach::Loopback;
        identity.multi_tenant.name = "Everybody’s login".to_owned();
        identity.multi_tenant.issuer = issuer.issuer().to_owned();
        identity.multi_tenant.client_id = FakeIssuer::CLIENT.to_owned();
        identity.multi_tenant.client_secret_file = file;
    });
    let mut tenants = Vec::new();
    for (domain, tid) in [("contoso.example", "org-a"), ("fabrikam.example", "org-b")] {
        let tenant = tenant(&server, domain).await;
        let shared = ProviderInput {
            kind: ProviderKind::MultiTenant,
            name: "Everybody’s login".to_owned(),
            tid: tid.to_owned(),
            admission: Admission {
                by_domain: true,
                ..Admission::default()
            },
            ..ProviderInput::default()
        };
        provider(&server, tenant, &shared).await;
        tenants.push(tenant);
    }
    let page = Browser::new(&server).get("/signin").await;
    assert!(page.text.contains("way=shared"), "{}", page.text);
    let come = async |person| {
        let browser = Browser::new(&server);
        issuer.person(person);
        let request = browser.begin("?way=shared").await;
        let answer = browser.get(&issuer.authorize(&request)).await;
        (browser, answer)
    };
    let of = |tid: &str, domain: &str| json!({ "sub": "s", "tid": tid, "email": format!("x@{domain}"), "email_verified": true });
    for (tid, domain) in [("org-a", "contoso.example"), ("org-b", "fabrikam.example")] {
        let (browser, answer) = come(of(tid, domain)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert!(
            page_of(&browser)
                .await
                .text
                .contains(&format!("School {domain}"))
        );
    }
    let (_, answer) = come(of("org-c", "contoso.example")).await;
    assert!(
        answer.text.contains("your organisation has no place here"),
        "{}",
        answer.text
    );
    let (_, answer) =
        come(json!({ "sub": "s", "email": "x@contoso.example", "email_verified": true })).await;
    assert!(
        answer.text.contains("comes from another place"),
        "{}",
        answer.text
    );
    // The button of one organisation does not let in people of another.
    let services = &server.portal.services;
    let choices = services
        .provider_choices(tenants[0])
        .await
        .expect("choices");
    let browser = Browser::new(&server);
    issuer.person(of("org-b", "contoso.example"));
    let request = browser.begin(&format!("?provider={}", choices[0].0)).await;
    let answer = browser.get(&issuer.authorize(&request)).await;
    assert!(
        answer.text.contains("comes from another place"),
        "{}",
        answer.text
    );
}
