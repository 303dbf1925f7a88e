//! Adding a provider in the portal: it opens only after its own test sign-in.

use axum::http::StatusCode;
use domain::identity::Reach;
use testkit::{FakeIssuer, Lie, TestPortal};

use super::{ada, led_to, owner, sign_in_locally, tenant};
use crate::browser::Browser;
use crate::portal::Server;

const OLGA: &str = "olga@contoso.example";

#[tokio::test]
async fn a_provider_opens_only_after_its_administrator_signed_in_there() {
    let portal = TestPortal::on_sqlite().await;
    let issuer = FakeIssuer::start(&portal.clock).await;
    let server = Server::composed(portal, |config| {
        config.identity.provider_reach = Reach::Loopback;
    });
    let contoso = tenant(&server, "contoso.example").await;
    owner(&server, contoso, OLGA).await;
    let browser = Browser::new(&server);
    sign_in_locally(&browser, contoso, OLGA).await;

    let fields = [
        ("kind", "Oidc"),
        ("name", "School login"),
        ("issuer", issuer.issuer()),
        ("clientId", FakeIssuer::CLIENT),
        ("clientSecret", FakeIssuer::SECRET),
        ("scopes", "profile email"),
        ("byDomain", "true"),
    ];
    let answer = browser.post("/fn/provider/create", &fields).await;
    let page = answer.header("location").to_owned();
    assert!(
        page.starts_with("/admin/providers/"),
        "{} {}",
        answer.status,
        answer.text
    );
    let id = page.trim_start_matches("/admin/providers/").to_owned();
    let shown = browser.get(&page).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(
        !shown.text.contains(FakeIssuer::SECRET),
        "the secret is never shown"
    );

    // Nobody can sign in there, nor can it be opened, before the test.
    let enable = [("id", id.as_str()), ("enabled", "true")];
    browser.post("/fn/provider/enable", &enable).await;
    let stranger = Browser::new(&server);
    let shut = stranger.get(&format!("/signin?provider={id}")).await;
    assert!(shut.text.contains("switched off"), "{}", shut.text);

    // A test that fails opens nothing; one that another administrator finishes neither.
    issuer.person(ada());
    issuer.lie(Lie::Signature);
    let begin = async |browser: &Browser<'_>| {
        let page = browser
            .post(&format!("/admin/providers/{id}/test"), &[])
            .await;
        issuer.authorize(&led_to(&page))
    };
    let callback = begin(&browser).await;
    let answer = browser.get(&callback).await;
    assert!(
        answer.text.contains("not signed by the place"),
        "{}",
        answer.text
    );
    issuer.lie(Lie::None);
    owner(&server, contoso, "otto@contoso.example").await;
    let callback = begin(&browser).await;
    sign_in_locally_again(&browser, contoso).await;
    let answer = browser.get(&callback).await;
    assert!(
        answer.text.contains("administrator who began it"),
        "{}",
        answer.text
    );

    let browser = Browser::new(&server);
    sign_in_locally(&browser, contoso, OLGA).await;
    let callback = begin(&browser).await;
    let session = browser.cookies.borrow().get("__Host-vitrine").cloned();
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(
        answer.text.contains("ada-1") && answer.text.contains("verified"),
        "{}",
        answer.text
    );
    assert_eq!(
        browser.cookies.borrow().get("__Host-vitrine").cloned(),
        session,
        "nobody was signed in"
    );
    browser.post("/fn/provider/enable", &enable).await;
    let request = stranger.begin(&format!("?provider={id}")).await;
    let answer = stranger.get(&issuer.authorize(&request)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);

    // A change of the client shuts it again; a change of its name does not.
    let rename: Vec<_> = fields
        .iter()
        .map(|(name, value)| match *name {
            "name" => ("name", "Login"),
            "clientSecret" => ("clientSecret", ""),
            _ => (*name, *value),
        })
        .chain([("id", id.as_str())])
        .collect();
    browser.post("/fn/provider/update", &rename).await;
    Browser::new(&server)
        .begin(&format!("?provider={id}"))
        .await;
    let change: Vec<_> = rename
        .iter()
        .map(|(name, value)| {
            if *name == "clientId" {
                ("clientId", "other")
            } else {
                (*name, *value)
            }
        })
        .collect();
    browser.post("/fn/provider/update", &change).await;
    let shut = Browser::new(&server)
        .get(&format!("/signin?provider={id}"))
        .await;
    assert!(shut.text.contains("switched off"), "{}", shut.text);
}

/// Another administrator in the same browser, which keeps the cookie of the sign-in that was begun.
async fn sign_in_locally_again(browser: &Browser<'_>, tenant: uuid::Uuid) {
    browser.cookies.borrow_mut().remove("__Host-vitrine");
    let form = browser.begin(&format!("?way=local&tenant={tenant}")).await;
    let signin = browser
        .cookies
        .borrow()
        .get("__Host-vitrine-signin")
        .cloned();
    let callback = browser
        .fill_in(&form, "otto@contoso.example", super::PASSWORD)
        .await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    if let Some(signin) = signin {
        browser
            .cookies
            .borrow_mut()
            .insert("__Host-vitrine-signin".to_owned(), signin);
    }
}

#[tokio::test]
async fn a_provider_on_this_host_is_refused_where_the_operator_does_not_allow_it() {
    let mut portal = TestPortal::on_sqlite().await;
    portal
        .reconfigure(|settings| settings.provider_reach = Reach::Public)
        .await;
    let server = Server::over(portal);
    let contoso = tenant(&server, "contoso.example").await;
    owner(&server, contoso, OLGA).await;
    let browser = Browser::new(&server);
    sign_in_locally(&browser, contoso, OLGA).await;
    let mut fields = vec![
        ("kind", "Oidc"),
        ("name", "Inside"),
        ("issuer", "http://127.0.0.1:9/"),
        ("clientId", "x"),
    ];
    let answer = browser.post("/fn/provider/create", &fields).await;
    assert!(!answer.header("location").starts_with("/admin/providers/"));
    // By HTTPS it may be named, but it is not asked.
    fields[2].1 = "https://localhost:9";
    let answer = browser.post("/fn/provider/create", &fields).await;
    let page = answer.header("location").to_owned();
    assert!(page.starts_with("/admin/providers/"), "{}", answer.text);
    let answer = browser.post(&format!("{page}/test"), &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.text.contains("provider_reach"), "{}", answer.text);
}
