//! The second step of signing in, and the pages on which it is set up, as a browser meets them.

use axum::http::StatusCode;
use chrono::TimeDelta;
use services::identity::{NewAccount, NewTenant};
use testkit::{SecurityKey, app_code};

use crate::browser::{Browser, param};
use crate::portal::{Answer, Server};

const ADA: &str = "ada@contoso.example";
const PASSWORD: &str = "Correct-Horse-9";
const FACTORS: &str = "/account/security";

async fn school() -> Server {
    let server = Server::start().await;
    let services = &server.portal.services;
    let new = NewTenant {
        name: "Contoso".to_owned(),
        domain: "contoso.example".to_owned(),
    };
    let tenant = services.tenant_create(new).await.expect("a tenant").id;
    let new = NewAccount {
        display_name: "Ada".to_owned(),
        user_name: ADA.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let system = services.system(tenant, "test");
    let made = services.account_create(&system, new).await;
    made.expect("an account");
    server
}

/// What stands between two marks of a page, as a browser reads it.
fn between(page: &Answer, before: &str, after: &str) -> String {
    let found = page
        .text
        .split_once(before)
        .and_then(|(_, rest)| rest.split_once(after));
    let (text, _) = found.unwrap_or_else(|| panic!("no {before} in {}", page.text));
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

fn step(page: &Answer) -> String {
    between(page, "name=\"step\" value=\"", "\"")
}

fn options(page: &Answer) -> String {
    between(page, "data-passkey-options=\"", "\"")
}

/// Sends a form of the portal; answers where it led.
async fn send(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(form, fields).await;
    assert!(
        answer.status.is_redirection(),
        "{form}: {} {}",
        answer.status,
        answer.text
    );
    answer.header("location").to_owned()
}

/// Signs in with the password alone, and opens the factors for changes.
async fn opened(server: &Server) -> Browser<'_> {
    let browser = Browser::new(server);
    browser.sign_in(ADA, PASSWORD).await;
    let page = browser.get(FACTORS).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains("Give your password again"),
        "{}",
        page.text
    );
    let led = send(&browser, "/fn/factor/open", &[("password", PASSWORD)]).await;
    assert_eq!(led, FACTORS);
    browser
}

/// Sets up an app; answers its secret.
async fn set_up_app(server: &Server, browser: &Browser<'_>) -> String {
    assert_eq!(send(browser, "/fn/totp/begin", &[]).await, "/account/app");
    let page = browser.get("/account/app").await;
    assert!(page.text.contains("class=\"qr\""), "{}", page.text);
    let secret = between(
        &page,
        "otpauth://totp/Vitrine:ada%40contoso.example?secret=",
        "&",
    );
    let code = app_code(&secret, server.portal.services.now());
    assert_eq!(
        send(browser, "/fn/totp/confirm", &[("code", &code)]).await,
        FACTORS
    );
    secret
}

/// Gives the password at the sign-in; answers the form's address and the page of the second step.
async fn halfway(browser: &Browser<'_>) -> (String, Answer) {
    let form = browser.begin("?return_to=%2Faccount%2Fsessions").await;
    let page = browser
        .post(&form, &[("user_name", ADA), ("password", PASSWORD)])
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("One more step"), "{}", page.text);
    (form, page)
}

#[tokio::test]
async fn nobody_is_signed_in_before_the_second_step_is_right() {
    let server = school().await;
    let owner = opened(&server).await;
    let secret = set_up_app(&server, &owner).await;
    server.portal.clock.advance(TimeDelta::seconds(60));

    let browser = Browser::new(&server);
    let (form, page) = halfway(&browser).await;
    assert!(
        !page.text.contains(PASSWORD) && !page.text.contains("code="),
        "{}",
        page.text
    );
    assert_eq!(
        browser.get("/account/sessions").await.status,
        StatusCode::FOUND,
        "not signed in"
    );
    // The password's page comes again for what is not of the second step.
    let nothing = browser.post(&form, &[("code", "123456")]).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    let made_up = browser
        .post(&form, &[("step", "made up"), ("code", "123456")])
        .await;
    assert_eq!(made_up.status, StatusCode::UNAUTHORIZED);
    assert!(
        made_up.text.contains("type=\"password\""),
        "{}",
        made_up.text
    );

    let wrong = browser
        .post(&form, &[("step", &step(&page)), ("code", "000000")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(
        wrong.text.contains("The code is wrong") && wrong.text.contains("One more step"),
        "{}",
        wrong.text
    );
    let code = app_code(&secret, server.portal.services.now());
    let callback = browser
        .post(&form, &[("step", &step(&wrong)), ("code", &code)])
        .await;
    assert_eq!(callback.status, StatusCode::SEE_OTHER, "{}", callback.text);
    let callback = callback.header("location").to_owned();
    assert!(!param(&callback, "code").is_empty(), "{callback}");
    let answer = browser.get(&callback).await;
    assert_eq!(answer.header("location"), "/account/sessions");
    assert_eq!(
        browser.get("/account/sessions").await.status,
        StatusCode::OK
    );

    // Neither the step nor the code a second time.
    let other = Browser::new(&server);
    let (form, page) = halfway(&other).await;
    let replayed = other
        .post(&form, &[("step", &step(&page)), ("code", &code)])
        .await;
    assert_eq!(replayed.status, StatusCode::UNAUTHORIZED);
    let done = other
        .post(&form, &[("step", &step(&wrong)), ("code", "111111")])
        .await;
    assert!(
        done.text.contains("took too long, or was done already"),
        "{}",
        done.text
    );
}

#[tokio::test]
async fn too_many_wrong_codes_wait() {
    let server = school().await;
    let owner = opened(&server).await;
    set_up_app(&server, &owner).await;
    let browser = Browser::new(&server);
    let (form, mut page) = halfway(&browser).await;
    for _ in 0..5 {
        page = browser
            .post(&form, &[("step", &step(&page)), ("code", "000000")])
            .await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    page = browser
        .post(&form, &[("step", &step(&page)), ("code", "000000")])
        .await;
    assert_eq!(
        (page.status, page.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, "30")
    );
}

#[tokio::test]
async fn recovery_codes_are_shown_once_and_sign_in_once() {
    let server = school().await;
    let owner = opened(&server).await;
    // Without a factor there is nothing to recover: back to the list, with the reason.
    let refused = owner.post("/account/recovery-codes", &[]).await;
    assert!(
        refused
            .header("location")
            .contains("/account/security?__path="),
        "{}",
        refused.header("location")
    );
    set_up_app(&server, &owner).await;
    let page = owner.get(FACTORS).await;
    assert!(
        page.text.contains("Make recovery codes now"),
        "{}",
        page.text
    );
    let shown = owner.post("/account/recovery-codes", &[]).await;
    assert_eq!(
        (shown.status, shown.header("cache-control")),
        (StatusCode::OK, "no-store")
    );
    let code = between(&shown, "<li><code>", "<");
    assert_eq!(
        (shown.text.matches("<li><code>").count(), code.len()),
        (10, 19)
    );
    assert!(!owner.get(FACTORS).await.text.contains(&code));

    let browser = Browser::new(&server);
    let (form, page) = halfway(&browser).await;
    let led = send(&browser, &form, &[("step", &step(&page)), ("code", &code)]).await;
    assert_eq!(
        browser.get(&led).await.header("location"),
        "/account/sessions"
    );
    let (form, page) = halfway(&Browser::new(&server)).await;
    let again = browser
        .post(&form, &[("step", &step(&page)), ("code", &code)])
        .await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_passkey_is_added_and_signs_in() {
    let server = school().await;
    let owner = opened(&server).await;
    let mut key = SecurityKey::new();
    let page = owner.get("/account/passkey").await;
    let answer = key.create(&options(&page));
    // A bad name leads back, and the browser's answer is not put into the address.
    let refused = owner
        .post("/fn/passkey/add", &[("name", ""), ("passkey", &answer)])
        .await;
    assert!(
        !refused.header("location").contains("attestationObject"),
        "{}",
        refused.header("location")
    );
    let led = send(
        &owner,
        "/fn/passkey/add",
        &[("name", "Blue key"), ("passkey", &answer)],
    )
    .await;
    assert_eq!(led, FACTORS);
    assert!(owner.get(FACTORS).await.text.contains("Blue key"));

    let browser = Browser::new(&server);
    let (form, page) = halfway(&browser).await;
    assert!(
        !page.text.contains("name=\"code\""),
        "no codes are taken: {}",
        page.text
    );
    let stranger = SecurityKey::new().get(&options(&page));
    let wrong = browser
        .post(&form, &[("step", &step(&page)), ("passkey", &stranger)])
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_ne!(options(&wrong), options(&page), "a new challenge");
    let answer = key.get(&options(&wrong));
    let led = send(
        &browser,
        &form,
        &[("step", &step(&wrong)), ("passkey", &answer)],
    )
    .await;
    assert_eq!(
        browser.get(&led).await.header("location"),
        "/account/sessions"
    );
}

#[tokio::test]
async fn factors_are_not_changed_without_the_password() {
    let server = school().await;
    let browser = Browser::new(&server);
    browser.sign_in(ADA, PASSWORD).await;
    for page in ["/account/app", "/account/passkey"] {
        let answer = browser.get(page).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::FOUND, FACTORS),
            "{page}"
        );
    }
    let wrong = browser
        .post("/fn/factor/open", &[("password", "wrong-horse")])
        .await;
    assert!(!wrong.header("location").contains("wrong-horse"));
    browser.post("/fn/totp/begin", &[]).await;
    let page = browser.get(FACTORS).await;
    assert!(
        page.text.contains("Give your password again"),
        "{}",
        page.text
    );
    assert_eq!(
        browser.get("/account/app").await.header("location"),
        FACTORS
    );
}
