//! Guests: invited by a link, known by the account of their own organisation, switching between the two.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::json;
use testkit::Person;
use uuid::Uuid;

use super::{Stage, led_to, owner, page_of, sign_in_locally, tenant};
use crate::browser::Browser;
use crate::portal::Answer;

const OLGA: &str = "olga@fabrikam.example";

/// A second organisation with an owner, and the link of an invitation to it.
async fn invited(stage: &Stage) -> (Uuid, String) {
    let fabrikam = tenant(&stage.server, "fabrikam.example").await;
    owner(&stage.server, fabrikam, OLGA).await;
    let browser = Browser::new(&stage.server);
    sign_in_locally(&browser, fabrikam, OLGA).await;
    let fields = [
        ("email", "ada@contoso.example"),
        ("group", ""),
        ("days", "7"),
    ];
    let page = browser.post("/admin/invitations", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    (fabrikam, link(&page))
}

fn link(page: &Answer) -> String {
    let field = page.text.split("id=\"link\"").nth(1);
    let value = field.and_then(|rest| rest.split("value=\"").nth(1));
    let link = value.and_then(|rest| rest.split('"').next());
    link.expect("a link").to_owned()
}

fn code(link: &str) -> String {
    crate::browser::param(link, "code")
}

#[tokio::test]
async fn an_invited_person_comes_by_their_own_provider_and_switches_between_organisations() {
    let stage = Stage::open().await;
    let (fabrikam, link) = invited(&stage).await;
    let browser = Browser::new(&stage.server);
    let page = browser.get(&link).await;
    assert!(
        page.text.contains("School fabrikam.example"),
        "{}",
        page.text
    );
    let code = code(&link);
    let fields = [
        ("code", code.as_str()),
        ("login_hint", "ada@contoso.example"),
    ];
    let page = browser.post("/invitation", &fields).await;
    let callback = stage.issuer.authorize(&led_to(&page));
    assert_eq!(browser.get(&callback).await.status, StatusCode::SEE_OTHER);

    let page = page_of(&browser).await;
    assert!(
        page.text.contains("School contoso.example")
            && page.text.contains("School fabrikam.example"),
        "{}",
        page.text
    );
    let before = browser.cookies.borrow()["__Host-vitrine"].clone();
    let home = stage.tenant.to_string();
    let answer = browser
        .post("/account/organisation", &[("tenant", &home)])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let after = browser.cookies.borrow()["__Host-vitrine"].clone();
    assert_ne!(before, after, "the session is a new one");
    let thief = Browser::new(&stage.server);
    thief
        .cookies
        .borrow_mut()
        .insert("__Host-vitrine".to_owned(), before);
    assert_eq!(
        page_of(&thief).await.status,
        StatusCode::FOUND,
        "the old cookie is worth nothing"
    );

    // Where somebody is no guest they can't go on, whatever they send.
    let elsewhere = tenant(&stage.server, "litware.example").await.to_string();
    let answer = browser
        .post("/account/organisation", &[("tenant", &elsewhere)])
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    // Signing out still knows the provider, after two switches.
    let back = fabrikam.to_string();
    browser
        .post("/account/organisation", &[("tenant", &back)])
        .await;
    let there = led_to(&browser.post("/signout", &[]).await);
    assert!(there.contains("id_token_hint=ey"), "{there}");
}

#[tokio::test]
async fn a_link_works_once_in_time_and_until_it_is_taken_back() {
    let stage = Stage::open().await;
    let (fabrikam, link) = invited(&stage).await;
    let browser = Browser::new(&stage.server);
    let code = code(&link);
    let fields = [
        ("code", code.as_str()),
        ("login_hint", "ada@contoso.example"),
    ];
    let accept = async |browser: &Browser<'_>| {
        let page = browser.post("/invitation", &fields).await;
        let callback = stage.issuer.authorize(&led_to(&page));
        browser.get(&callback).await
    };
    assert_eq!(accept(&browser).await.status, StatusCode::SEE_OTHER);
    let again = Browser::new(&stage.server).get(&link).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.text.contains("was used"), "{}", again.text);
    let guessed = Browser::new(&stage.server)
        .get("/invitation?code=guessed")
        .await;
    assert_eq!(guessed.status, StatusCode::NOT_FOUND);

    let services = &stage.server.portal.services;
    let system = services.system(fabrikam, "test");
    let second = services
        .invitation_create(&system, "b@contoso.example", None, 1)
        .await
        .expect("an invitation");
    services
        .invitation_revoke(&system, second.invitation.id)
        .await
        .expect("taken back");
    let third = services
        .invitation_create(&system, "c@contoso.example", None, 1)
        .await
        .expect("an invitation");
    stage.server.portal.clock.advance(TimeDelta::hours(25));
    for secret in [second.secret, third.secret] {
        let page = Browser::new(&stage.server)
            .get(&format!("/invitation?code={secret}"))
            .await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_invitation_lets_a_stranger_in_by_the_providers_of_the_organisation_itself() {
    let stage = Stage::open().await;
    let services = &stage.server.portal.services;
    let invited = services
        .invitation_create(&stage.system(), "gast@elsewhere.example", None, 7)
        .await
        .expect("an invitation");
    stage
        .issuer
        .person(json!({ "sub": "gast", "email": "gast@elsewhere.example" }));
    let answer = stage.come(&Browser::new(&stage.server)).await;
    assert_eq!(
        answer.status,
        StatusCode::FORBIDDEN,
        "without the link nobody is a guest"
    );
    let browser = Browser::new(&stage.server);
    let provider = stage.provider.to_string();
    let fields = [("code", invited.secret.as_str()), ("provider", &provider)];
    let page = browser.post("/invitation", &fields).await;
    let callback = stage.issuer.authorize(&led_to(&page));
    assert_eq!(browser.get(&callback).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stage.people().await, ["gast@elsewhere.example"]);
}

#[tokio::test]
async fn a_signed_in_person_accepts_at_once_and_has_no_rights_there() {
    let stage = Stage::open().await;
    let (fabrikam, link) = invited(&stage).await;
    let olga = owner(&stage.server, stage.tenant, "olga@contoso.example").await;
    let browser = Browser::new(&stage.server);
    sign_in_locally(&browser, stage.tenant, "olga@contoso.example").await;
    assert!(
        browser
            .get(&link)
            .await
            .text
            .contains("Accept as olga@contoso.example")
    );
    let answer = browser
        .post("/invitation", &[("code", &code(&link)), ("accept", "true")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(
        browser.get("/admin").await.status,
        StatusCode::FORBIDDEN,
        "owner at home, guest here"
    );
    let home = stage.tenant.to_string();
    browser
        .post("/account/organisation", &[("tenant", &home)])
        .await;
    assert_eq!(browser.get("/admin").await.status, StatusCode::OK);
    // Barred at home she is no guest's session's concern; barred there she can't go there.
    let ctx = stage
        .server
        .portal
        .ctx(Person {
            id: olga,
            tenant: stage.tenant,
        })
        .await;
    let services = &stage.server.portal.services;
    assert_eq!(
        services.tenant_choices(&ctx).await.expect("choices").len(),
        2
    );
    let system = services.system(fabrikam, "test");
    let people = services
        .principal_list(&system, &domain::PageRequest::default())
        .await
        .expect("people");
    let guest = people
        .items
        .iter()
        .find(|who| who.user_name == "olga@contoso.example")
        .expect("a guest");
    services
        .principal_enable(&system, guest.id, false)
        .await
        .expect("barred");
    assert_eq!(
        services.tenant_choices(&ctx).await.expect("choices").len(),
        1
    );
    let there = fabrikam.to_string();
    let answer = browser
        .post("/account/organisation", &[("tenant", &there)])
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
