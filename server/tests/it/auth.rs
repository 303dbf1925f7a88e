//! Signing in, staying signed in, and every way in which that is refused.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use serde_json::Value;
use services::identity::{NewAccount, NewTenant};
use uuid::Uuid;

use crate::browser::{BASE, Browser, param, with_param};
use crate::portal::{Answer, Server};

const ADA: &str = "ada@contoso.example";
const PASSWORD: &str = "Correct-Horse-9";

/// A server with one organisation and one person in it.
async fn school() -> (Server, Uuid, Uuid) {
    let server = Server::start().await;
    let (tenant, ada) = organisation(&server, "contoso.example", ADA).await;
    (server, tenant, ada)
}

async fn organisation(server: &Server, domain: &str, user_name: &str) -> (Uuid, Uuid) {
    let services = &server.portal.services;
    let new = NewTenant {
        name: format!("School {domain}"),
        domain: domain.to_owned(),
    };
    let tenant = services.tenant_create(new).await.expect("a tenant").id;
    let new = NewAccount {
        display_name: "Ada".to_owned(),
        user_name: user_name.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let person = services
        .account_create(&services.system(tenant, "test"), new)
        .await
        .expect("an account");
    (tenant, person.id)
}

async fn token(browser: &Browser<'_>) -> String {
    let page = browser.post("/account/token", &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let field = page
        .text
        .split("id=\"token\"")
        .nth(1)
        .and_then(|rest| rest.split("value=\"").nth(1));
    field
        .and_then(|rest| rest.split('"').next())
        .expect("a token")
        .to_owned()
}

async fn with_bearer(server: &Server, token: &str) -> Answer {
    let request = Request::get("/subscriptions?api-version=2022-12-01")
        .header("authorization", format!("Bearer {token}"));
    server
        .send(request.body(Body::empty()).expect("a request"))
        .await
}

fn is_signed_in(page: &Answer) -> bool {
    page.status == StatusCode::OK
}

#[tokio::test]
async fn a_person_signs_in_sees_their_session_and_signs_out() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let asked = browser.get("/account/sessions").await;
    assert_eq!(
        (asked.status, asked.header("location")),
        (StatusCode::FOUND, "/signin?return_to=%2Faccount%2Fsessions")
    );

    let form = browser.begin("?return_to=%2Faccount%2Fsessions").await;
    let page = browser.get(&form).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("School contoso.example") && page.text.contains("type=\"password\""),
        "{}",
        page.text
    );
    let callback = browser
        .fill_in(&form, "ADA@contoso.example ", PASSWORD)
        .await;
    let answer = browser.get(&callback).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/account/sessions")
    );

    let page = browser.get("/account/sessions").await;
    assert!(is_signed_in(&page), "{}", page.text);
    assert!(
        page.text.contains("This browser") && page.text.contains("192.0.2.7"),
        "{}",
        page.text
    );
    let answer = browser.post("/signout", &[]).await;
    assert_eq!(answer.header("location"), "/signed-out");
    assert!(browser.cookies.borrow().is_empty());
    assert_eq!(browser.get("/signed-out").await.status, StatusCode::OK);
    assert_eq!(
        browser.get("/account/sessions").await.status,
        StatusCode::FOUND
    );
}

#[tokio::test]
async fn a_wrong_password_keeps_the_name_and_tells_nothing_about_it() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let wrong = browser
        .post(&form, &[("user_name", ADA), ("password", "nope")])
        .await;
    let unknown = browser
        .post(
            &form,
            &[("user_name", "eve@contoso.example"), ("password", "nope")],
        )
        .await;
    assert_eq!(
        (wrong.status, unknown.status),
        (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
    );
    assert!(
        wrong.text.contains(ADA) && !wrong.text.contains("nope"),
        "{}",
        wrong.text
    );
    // Behind it stands the page's nonce, which is another one each time.
    let same = |page: &Answer, name: &str| {
        let text = page.text.replace(name, "X");
        let main = text
            .split_once("<main")
            .and_then(|(_, rest)| rest.split_once("</main>"));
        main.map(|(main, _)| main.to_owned()).expect("a page")
    };
    assert_eq!(same(&wrong, ADA), same(&unknown, "eve@contoso.example"));
}

#[tokio::test]
async fn what_was_typed_never_becomes_markup() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let page = browser
        .post(
            &form,
            &[
                ("user_name", "\"><script>alert(1)</script>"),
                ("password", "x"),
            ],
        )
        .await;
    assert!(!page.text.contains("<script>"), "{}", page.text);
}

#[tokio::test]
async fn nobody_is_led_out_of_the_portal() {
    let (server, ..) = school().await;
    for elsewhere in [
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "%2F%09%2Fevil.example",
    ] {
        let browser = Browser::new(&server);
        let form = browser.begin(&format!("?return_to={elsewhere}")).await;
        let callback = browser.fill_in(&form, ADA, PASSWORD).await;
        assert_eq!(
            browser.get(&callback).await.header("location"),
            "/",
            "{elsewhere}"
        );
        let again = browser.get(&format!("/signin?return_to={elsewhere}")).await;
        assert_eq!(again.header("location"), "/", "{elsewhere}");
    }
}

#[tokio::test]
async fn an_answer_without_a_state_of_ours_is_refused() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let callback = browser.fill_in(&form, ADA, PASSWORD).await;
    for forged in [
        with_param(&callback, "state", None),
        with_param(&callback, "state", Some("guessed")),
    ] {
        let answer = browser.get(&forged).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(
            answer.text.contains("was not begun here"),
            "{}",
            answer.text
        );
    }
    assert_eq!(
        browser.get(&callback).await.status,
        StatusCode::SEE_OTHER,
        "the right one still works"
    );
}

#[tokio::test]
async fn a_sign_in_is_finished_only_by_the_browser_that_began_it() {
    let (server, ..) = school().await;
    let (mine, victim) = (Browser::new(&server), Browser::new(&server));
    let form = mine.begin("").await;
    let callback = mine.fill_in(&form, ADA, PASSWORD).await;
    victim.begin("").await;
    let answer = victim.get(&callback).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("another browser"), "{}", answer.text);
    assert!(!victim.cookies.borrow().contains_key("__Host-vitrine"));
}

#[tokio::test]
async fn a_state_works_once() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let callback = browser.fill_in(&form, ADA, PASSWORD).await;
    let before = browser.cookies.borrow().clone();
    assert_eq!(browser.get(&callback).await.status, StatusCode::SEE_OTHER);
    *browser.cookies.borrow_mut() = before;
    let again = browser.get(&callback).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(again.text.contains("finished before"), "{}", again.text);
}

#[tokio::test]
async fn a_sign_in_that_takes_too_long_is_refused() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    server.portal.clock.advance(TimeDelta::minutes(16));
    let callback = browser.fill_in(&form, ADA, PASSWORD).await;
    let answer = browser.get(&callback).await;
    assert!(answer.text.contains("took too long"), "{}", answer.text);
}

#[tokio::test]
async fn a_code_that_went_stale_is_refused() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let callback = browser.fill_in(&form, ADA, PASSWORD).await;
    server.portal.clock.advance(TimeDelta::seconds(61));
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.text.contains("did not answer as it should"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn an_id_token_with_another_nonce_is_refused() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let callback = browser
        .fill_in(&with_param(&form, "nonce", Some("replayed")), ADA, PASSWORD)
        .await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.text.contains("proof of your sign-in is not good"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_code_that_was_asked_for_with_another_challenge_is_refused() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let other = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let callback = browser
        .fill_in(
            &with_param(&form, "code_challenge", Some(other)),
            ADA,
            PASSWORD,
        )
        .await;
    assert_eq!(browser.get(&callback).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_is_refused() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let callback = browser.fill_in(&form, ADA, PASSWORD).await;
    let answer = browser
        .get(&with_param(&callback, "iss", Some("https://evil.example")))
        .await;
    assert!(
        answer.text.contains("came from another place"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn the_issuers_own_refusal_is_told_in_our_words() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let state = param(&form, "state");
    let answer = browser
        .get(&format!(
            "/auth/callback?state={state}&error=access_denied&error_description=%3Cb%3E"
        ))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.text.contains("cancelled or refused") && !answer.text.contains("<b>"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn an_unknown_program_gets_no_codes() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    for forged in [
        with_param(
            &form,
            "redirect_uri",
            Some("https://evil.example/auth/callback"),
        ),
        with_param(&form, "client_id", Some("evil")),
    ] {
        let page = browser.get(&forged).await;
        assert_eq!(
            (page.status, page.header("location")),
            (StatusCode::BAD_REQUEST, "")
        );
        let posted = browser
            .post(&forged, &[("user_name", ADA), ("password", PASSWORD)])
            .await;
        assert_eq!(
            (posted.status, posted.header("location")),
            (StatusCode::BAD_REQUEST, "")
        );
    }
}

#[tokio::test]
async fn a_code_that_comes_twice_ends_what_it_gave() {
    let (server, tenant, _) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let callback = browser.fill_in(&form, ADA, PASSWORD).await;
    browser.get(&callback).await;
    assert!(is_signed_in(&browser.get("/account/sessions").await));
    let thief = Browser::new(&server);
    let stolen = param(&callback, "code");
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", &param(&form, "client_id")),
        ("redirect_uri", &param(&form, "redirect_uri")),
        ("code_verifier", "guessed"),
        ("code", &stolen),
    ];
    let answer = thief
        .post(&format!("/{tenant}/oauth2/v2.0/token"), &fields)
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.text.contains("invalid_grant") && answer.text.contains("AADSTS54005"),
        "{}",
        answer.text
    );
    assert_eq!(
        browser.get("/account/sessions").await.status,
        StatusCode::FOUND,
        "the session ended"
    );
}

#[tokio::test]
async fn a_sign_in_never_keeps_the_cookie_that_was_there_before() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let planted = "A".repeat(43);
    browser
        .cookies
        .borrow_mut()
        .insert("__Host-vitrine".to_owned(), planted.clone());
    browser.sign_in(ADA, PASSWORD).await;
    let first = browser.cookies.borrow()["__Host-vitrine"].clone();
    assert_ne!(first, planted);
    // The same browser signs in again, as by a form that was left open.
    let other = Browser::new(&server);
    let form = other.begin("").await;
    let callback = other.fill_in(&form, ADA, PASSWORD).await;
    other
        .cookies
        .borrow_mut()
        .insert("__Host-vitrine".to_owned(), first.clone());
    other.get(&callback).await;
    assert_ne!(other.cookies.borrow()["__Host-vitrine"], first);
    assert_eq!(
        browser.get("/account/sessions").await.status,
        StatusCode::FOUND,
        "the session before ended"
    );
}

#[tokio::test]
async fn a_session_ends_when_idle_and_in_any_case() {
    let (server, ..) = school().await;
    let idle = Browser::new(&server);
    idle.sign_in(ADA, PASSWORD).await;
    server.portal.clock.advance(TimeDelta::minutes(59));
    assert!(
        is_signed_in(&idle.get("/account/sessions").await),
        "it was used in time"
    );
    server.portal.clock.advance(TimeDelta::minutes(61));
    assert!(!is_signed_in(&idle.get("/account/sessions").await));

    let busy = Browser::new(&server);
    busy.sign_in(ADA, PASSWORD).await;
    for _ in 0..23 {
        server.portal.clock.advance(TimeDelta::minutes(30));
        assert!(is_signed_in(&busy.get("/account/sessions").await));
    }
    server.portal.clock.advance(TimeDelta::minutes(31));
    assert!(!is_signed_in(&busy.get("/account/sessions").await));
}

#[tokio::test]
async fn a_person_ends_their_session_in_another_browser() {
    let (server, ..) = school().await;
    let (here, there) = (Browser::new(&server), Browser::at(&server, "192.0.2.99:1"));
    here.sign_in(ADA, PASSWORD).await;
    there.sign_in(ADA, PASSWORD).await;
    let page = here.get("/account/sessions").await;
    let id = page
        .text
        .split("name=\"id\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("the other session");
    let answer = here.post("/fn/session/revoke", &[("id", id)]).await;
    assert!(answer.status.is_redirection(), "{}", answer.text);
    assert!(!is_signed_in(&there.get("/account/sessions").await));
    assert!(is_signed_in(&here.get("/account/sessions").await));
}

#[tokio::test]
async fn guesses_have_to_wait_and_so_does_the_right_password() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    let form = browser.begin("").await;
    let attempt = async |name: &str, password: &str| {
        browser
            .post(&form, &[("user_name", name), ("password", password)])
            .await
            .status
    };
    for name in [ADA, "nobody@contoso.example"] {
        for _ in 0..5 {
            assert_eq!(
                attempt(name, "wrong").await,
                StatusCode::UNAUTHORIZED,
                "{name}"
            );
        }
        assert_eq!(
            attempt(name, PASSWORD).await,
            StatusCode::TOO_MANY_REQUESTS,
            "{name}"
        );
    }
    server.portal.clock.advance(TimeDelta::seconds(31));
    assert_eq!(attempt(ADA, PASSWORD).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_script_acts_with_a_token_until_it_expires() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    browser.sign_in(ADA, PASSWORD).await;
    let token = token(&browser).await;
    let answer = with_bearer(&server, &token).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    server.portal.clock.advance(TimeDelta::seconds(3599 + 61));
    let answer = with_bearer(&server, &token).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(
        answer.text.contains("\"code\":\"AuthenticationFailed\"")
            && answer.text.contains("expired"),
        "{}",
        answer.text
    );
    let challenge = answer.header("www-authenticate");
    assert!(
        challenge.starts_with(&format!("Bearer authorization_uri=\"{BASE}/"))
            && challenge.contains("error=\"invalid_token\""),
        "{challenge}"
    );
}

#[tokio::test]
async fn a_token_makes_no_token() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    browser.sign_in(ADA, PASSWORD).await;
    let token = token(&browser).await;
    let request =
        Request::post("/account/token").header("authorization", format!("Bearer {token}"));
    let answer = server
        .send(request.body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_that_was_touched_is_refused() {
    let (server, ..) = school().await;
    let browser = Browser::new(&server);
    browser.sign_in(ADA, PASSWORD).await;
    let token = token(&browser).await;
    let parts: Vec<&str> = token.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", parts[1]);
    let flipped = format!(
        "{}.{}.{}",
        parts[0],
        parts[1],
        parts[2].chars().rev().collect::<String>()
    );
    let header_of_hmac = format!("eyJhbGciOiJIUzI1NiJ9.{}.{}", parts[1], parts[2]);
    for forged in [
        unsigned.as_str(),
        &flipped,
        &header_of_hmac,
        "x",
        "",
        "a.b.c",
    ] {
        assert_eq!(
            with_bearer(&server, forged).await.status,
            StatusCode::UNAUTHORIZED,
            "{forged}"
        );
    }
}

#[tokio::test]
async fn an_id_token_and_a_sign_in_token_open_no_api() {
    let (server, tenant, _) = school().await;
    let browser = Browser::new(&server);
    // The pair of RFC 7636, appendix B.
    let (verifier, challenge) = (
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
    let form = with_param(&browser.begin("").await, "code_challenge", Some(challenge));
    let callback = browser.fill_in(&form, ADA, PASSWORD).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", &param(&form, "client_id")),
        ("redirect_uri", &param(&form, "redirect_uri")),
        ("code_verifier", verifier),
        ("code", &param(&callback, "code")),
    ];
    let answer = browser
        .post(&format!("/{tenant}/oauth2/v2.0/token"), &fields)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens: Value = serde_json::from_str(&answer.text).expect("JSON");
    assert_eq!(tokens["expires_in"], 3599);
    for name in ["id_token", "access_token"] {
        let refused = with_bearer(&server, tokens[name].as_str().expect("a token")).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(
            refused.text.contains("another audience"),
            "{}",
            refused.text
        );
    }
}

#[tokio::test]
async fn a_disabled_person_is_out_at_once_by_every_road() {
    let (server, tenant, ada) = school().await;
    let browser = Browser::new(&server);
    browser.sign_in(ADA, PASSWORD).await;
    let token = token(&browser).await;
    let services = &server.portal.services;
    services
        .principal_enable(&services.system(tenant, "test"), ada, false)
        .await
        .expect("disabled");
    assert!(!is_signed_in(&browser.get("/account/sessions").await));
    assert_eq!(
        with_bearer(&server, &token).await.status,
        StatusCode::UNAUTHORIZED
    );
    let form = browser.begin("").await;
    let answer = browser
        .post(&form, &[("user_name", ADA), ("password", PASSWORD)])
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn keys_and_tokens_outlive_a_restart() {
    let (mut server, ..) = school().await;
    let token = {
        let browser = Browser::new(&server);
        browser.sign_in(ADA, PASSWORD).await;
        token(&browser).await
    };
    server.portal.restart().await;
    let server = Server::over(server.portal);
    assert_eq!(with_bearer(&server, &token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn where_two_organisations_live_the_address_chooses() {
    let (server, contoso, _) = school().await;
    let (fabrikam, _) = organisation(&server, "fabrikam.example", "bob@fabrikam.example").await;
    let browser = Browser::new(&server);
    let page = browser.get("/signin").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("login_hint") && !page.text.contains("contoso"),
        "{}",
        page.text
    );
    let page = browser.get("/signin?login_hint=x%40nowhere.example").await;
    assert!(page.text.contains("No organisation here"), "{}", page.text);
    let form = browser.begin("?login_hint=bob%40fabrikam.example").await;
    assert!(
        form.starts_with(&format!("{BASE}/{fabrikam}/oauth2/v2.0/authorize?")),
        "{form}"
    );
    // Ada is nobody at Bob's organisation, although her password is right.
    let answer = browser
        .post(&form, &[("user_name", ADA), ("password", PASSWORD)])
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let callback = browser
        .fill_in(&form, "bob@fabrikam.example", PASSWORD)
        .await;
    assert_eq!(browser.get(&callback).await.status, StatusCode::SEE_OTHER);
    // A code of one organisation is worth nothing at the other's endpoint.
    let other = Browser::new(&server);
    let form = other.begin("?login_hint=bob%40fabrikam.example").await;
    let code = param(
        &other.fill_in(&form, "bob@fabrikam.example", PASSWORD).await,
        "code",
    );
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", &param(&form, "client_id")),
        ("redirect_uri", &param(&form, "redirect_uri")),
        ("code_verifier", "v"),
        ("code", &code),
    ];
    let answer = other
        .post(&format!("/{contoso}/oauth2/v2.0/token"), &fields)
        .await;
    assert!(
        answer.text.contains("the code is unknown"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn the_issuer_describes_itself_by_id_domain_and_alias() {
    let (server, tenant, _) = school().await;
    for name in [
        tenant.to_string().as_str(),
        "contoso.example",
        "Contoso.Example",
    ] {
        let answer = server
            .get(&format!("/{name}/v2.0/.well-known/openid-configuration"))
            .await;
        let document: Value = serde_json::from_str(&answer.text).expect("JSON");
        assert_eq!(document["issuer"], format!("{BASE}/{tenant}/v2.0"));
        assert_eq!(
            document["token_endpoint"],
            format!("{BASE}/{tenant}/oauth2/v2.0/token")
        );
    }
    let answer = server
        .get("/organizations/v2.0/.well-known/openid-configuration")
        .await;
    let document: Value = serde_json::from_str(&answer.text).expect("JSON");
    assert_eq!(
        document["authorization_endpoint"],
        format!("{BASE}/organizations/oauth2/v2.0/authorize")
    );
    let answer = server
        .get("/nowhere.example/v2.0/.well-known/openid-configuration")
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("invalid_tenant"), "{}", answer.text);
    let keys: Value = serde_json::from_str(
        &server
            .get(&format!("/{tenant}/discovery/v2.0/keys"))
            .await
            .text,
    )
    .expect("JSON");
    assert_eq!(keys["keys"][0]["alg"], "RS256");
    assert!(keys["keys"][0].get("d").is_none(), "no private part");
}

#[tokio::test]
async fn another_name_of_the_host_is_led_to_the_portals_own() {
    let (server, ..) = school().await;
    let request = Request::get("/signin?return_to=%2Flabs")
        .header("host", "127.0.0.1:8443")
        .body(Body::empty());
    let answer = server.send(request.expect("a request")).await;
    assert_eq!(
        answer.header("location"),
        format!("{BASE}/signin?return_to=%2Flabs&corrected=1")
    );
}
