//! Applications of one organisation in another.

use super::*;

#[tokio::test]
async fn rule_c12_an_administrator_of_another_tenant_admits_an_application() {
    let scene = Scene::open().await;
    let away = School::found(&scene.server.portal, "fabrikam.example").await;
    let app = scene.register(scene.school.owner, true).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    let (admin, _) = scene.person(&away, "admin", Some("Owner")).await;
    let (reader, _) = scene.person(&away, "lena", Some("Reader")).await;
    let early = scene
        .by_secret("fabrikam.example", &id, &secret, &scope())
        .await;
    assert_refused(
        &early,
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        7_000_229,
    );

    let address = format!(
        "/{}/oauth2/authorize?client_id={id}&response_type=code&redirect_uri=https%3A%2F%2Fwww.microsoft.com%2F&state=s",
        away.tenant
    );
    let asked = Browser::new(&scene.server);
    asked
        .sign_in_at("fabrikam.example", &reader, PASSWORD)
        .await;
    let page = asked.get(&address).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.text.contains("Ask your administrator") && page.text.contains("contoso.example"),
        "{}",
        page.text
    );
    let forced = asked.post(&address, &[("agree", "yes")]).await;
    assert_eq!(forced.status, StatusCode::FORBIDDEN, "{}", forced.text);

    let browser = Browser::new(&scene.server);
    let led = browser.get(&address).await;
    assert!(
        led.header("location").starts_with("/signin?return_to="),
        "{}",
        led.header("location")
    );
    browser
        .sign_in_at("fabrikam.example", &admin, PASSWORD)
        .await;
    let page = browser.get(&address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for said in [
        "Admit an application",
        "gallery app",
        "School contoso.example",
        &id,
    ] {
        assert!(page.text.contains(said), "{said} in {}", page.text);
    }
    assert!(
        page.header("content-security-policy")
            .contains("form-action 'self' https://www.microsoft.com;"),
        "{}",
        page.header("content-security-policy")
    );
    let done = browser.post(&address, &[("agree", "yes")]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert!(done.text.contains("is admitted"), "{}", done.text);
    let answer = scene
        .by_secret("fabrikam.example", &id, &secret, &scope())
        .await;
    let said = claims(&text(&answer, "access_token"));
    assert_eq!(said["tid"], json!(away.tenant));
    let own = scene
        .by_secret("contoso.example", &id, &secret, &scope())
        .await;
    let own = claims(&text(&own, "access_token"));
    assert_ne!(
        own["oid"], said["oid"],
        "a principal of its own in each tenant"
    );
}

#[tokio::test]
async fn an_application_that_is_not_offered_is_not_there() {
    let scene = Scene::open().await;
    let away = School::found(&scene.server.portal, "fabrikam.example").await;
    let app = scene.register(scene.school.owner, false).await;
    let (admin, _) = scene.person(&away, "admin", Some("Owner")).await;
    let browser = Browser::new(&scene.server);
    browser
        .sign_in_at("fabrikam.example", &admin, PASSWORD)
        .await;
    let path = |tenant: Uuid| {
        format!(
            "/{tenant}/oauth2/v2.0/authorize?client_id={}&response_type=code",
            app.app_id
        )
    };
    let page = browser.get(&path(away.tenant)).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "{}", page.text);
    assert!(!page.text.contains("gallery app"), "{}", page.text);
    let elsewhere = browser.get(&path(scene.school.tenant)).await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    assert!(
        elsewhere.text.contains("Another organisation"),
        "{}",
        elsewhere.text
    );
}
