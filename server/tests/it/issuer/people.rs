//! People who sign in for a program: in the browser, by a device code, again by a refresh token.

use super::*;

/// Signs in with the command line's browser flow; answers what the token endpoint said.
async fn by_browser(scene: &Scene, browser: &Browser<'_>) -> Answer {
    let address = format!(
        "/organizations/oauth2/v2.0/authorize?client_id={CLI}&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A8400\
         &response_mode=form_post&scope={}%2F%2F.default+offline_access+openid+profile&state=s&nonce=n\
         &code_challenge={CHALLENGE}&code_challenge_method=S256&prompt=select_account",
        BASE.replace(':', "%3A").replace('/', "%2F")
    );
    let page = browser.get(&address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains("Did you start this?") && page.text.contains("http://localhost:8400"),
        "{}",
        page.text
    );
    let posts = browser.post(&address, &[("agree", "yes")]).await;
    assert!(
        posts
            .header("content-security-policy")
            .contains("form-action http://localhost:8400;"),
        "{}",
        posts.header("content-security-policy")
    );
    assert!(
        posts.text.contains("name=\"state\" value=\"s\""),
        "{}",
        posts.text
    );
    let code = posts
        .text
        .split("name=\"code\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a code");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", CLI),
        ("redirect_uri", "http://localhost:8400"),
        ("code_verifier", VERIFIER),
        ("code", code),
        ("client_info", "1"),
    ];
    scene.post("/organizations/oauth2/v2.0/token", &form).await
}

#[tokio::test]
async fn the_command_line_signs_in_through_the_browser_and_refreshes() {
    let scene = Scene::open().await;
    let (ada, id) = scene.person(&scene.school, "ada", Some("Reader")).await;
    let browser = Browser::new(&scene.server);
    browser.sign_in(&ada, PASSWORD).await;
    let answer = by_browser(&scene, &browser).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let said = claims(&text(&answer, "id_token"));
    assert_eq!(
        (
            &said["nonce"],
            &said["preferred_username"],
            &said["oid"],
            &said["aud"]
        ),
        (&json!("n"), &json!(ada), &json!(id), &json!(CLI))
    );
    let info = BASE64_URL_SAFE_NO_PAD
        .decode(text(&answer, "client_info"))
        .expect("base64");
    let info: Value = serde_json::from_slice(&info).expect("JSON");
    assert_eq!(info, json!({ "uid": id, "utid": scene.school.tenant }));
    let list = "/subscriptions?api-version=2022-12-01";
    let access = text(&answer, "access_token");
    assert_eq!(scene.get(list, &access).await.status, StatusCode::OK);

    let refresh = async |token: &str, authority: &str, scope: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", CLI),
            ("refresh_token", token),
            ("scope", scope),
        ];
        scene
            .post(&format!("/{authority}/oauth2/v2.0/token"), &form)
            .await
    };
    let first = text(&answer, "refresh_token");
    let graph = format!("{BASE}/graph/.default offline_access openid profile");
    let next = refresh(&first, "contoso.example", &graph).await;
    let me = scene
        .get("/graph/v1.0/me", &text(&next, "access_token"))
        .await;
    assert_eq!(json(&me)["userPrincipalName"], json!(ada), "{}", me.text);
    scene.server.portal.clock.advance(TimeDelta::seconds(31));
    let stolen = refresh(&first, "contoso.example", &graph).await;
    assert_refused(&stolen, StatusCode::BAD_REQUEST, "invalid_grant", 50_173);
    let ended = refresh(&text(&next, "refresh_token"), "contoso.example", &graph).await;
    assert_refused(&ended, StatusCode::BAD_REQUEST, "invalid_grant", 50_173);
    assert_eq!(
        scene.get(list, &access).await.status,
        StatusCode::UNAUTHORIZED,
        "the access token of the family ended too"
    );
}

#[tokio::test]
async fn a_refresh_token_is_worth_nothing_where_its_person_is_unknown() {
    let scene = Scene::open().await;
    School::found(&scene.server.portal, "fabrikam.example").await;
    let (ada, _) = scene.person(&scene.school, "ada", Some("Reader")).await;
    let browser = Browser::new(&scene.server);
    browser.sign_in_at("contoso.example", &ada, PASSWORD).await;
    let answer = by_browser(&scene, &browser).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", CLI),
        ("refresh_token", &text(&answer, "refresh_token")),
        ("scope", &scope()),
    ];
    let refused = scene
        .post("/fabrikam.example/oauth2/v2.0/token", &form)
        .await;
    assert_refused(&refused, StatusCode::BAD_REQUEST, "invalid_grant", 50_020);
}

#[tokio::test]
async fn a_device_signs_in_once_its_person_agreed() {
    let scene = Scene::open().await;
    let (ada, id) = scene.person(&scene.school, "ada", Some("Reader")).await;
    let asked = format!("{BASE}//.default offline_access openid profile");
    let begun = scene
        .post(
            "/organizations/oauth2/v2.0/devicecode",
            &[("client_id", CLI), ("scope", &asked)],
        )
        .await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text);
    let (device, user) = (text(&begun, "device_code"), text(&begun, "user_code"));
    assert_eq!(text(&begun, "verification_uri"), format!("{BASE}/device"));
    let poll = async || {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", CLI),
            ("device_code", &device),
        ];
        scene.post("/organizations/oauth2/v2.0/token", &form).await
    };
    assert_refused(
        &poll().await,
        StatusCode::BAD_REQUEST,
        "authorization_pending",
        70_016,
    );
    let browser = Browser::new(&scene.server);
    let led = browser.get("/device").await;
    assert_eq!(led.header("location"), "/signin?return_to=%2Fdevice");
    browser.sign_in(&ada, PASSWORD).await;
    let wrong = browser.get("/device?code=BBBBBBBBB").await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    let page = browser.get(&format!("/device?code={user}")).await;
    assert!(
        page.text.contains("192.0.2.9") && page.text.contains("Did you start this?"),
        "{}",
        page.text
    );
    let agreed = browser
        .post("/fn/device/decide", &[("code", &user), ("agrees", "true")])
        .await;
    assert!(agreed.status.is_redirection(), "{}", agreed.text);
    let answer = poll().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(text(&answer, "scope"), asked);
    assert_eq!(claims(&text(&answer, "id_token"))["oid"], json!(id));
    assert_refused(
        &poll().await,
        StatusCode::BAD_REQUEST,
        "expired_token",
        70_020,
    );
}

#[tokio::test]
async fn an_application_learns_who_signs_in_and_can_do_nothing_as_them() {
    let scene = Scene::open().await;
    let (ada, _) = scene.person(&scene.school, "ada", Some("Owner")).await;
    let app = scene.register(scene.school.owner, false).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    let browser = Browser::new(&scene.server);
    browser.sign_in(&ada, PASSWORD).await;
    let address = format!(
        "/contoso.example/oauth2/v2.0/authorize?client_id={id}&response_type=code&scope=openid&state=s\
         &redirect_uri=https%3A%2F%2Fwww.microsoft.com&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let led = browser.post(&address, &[("agree", "yes")]).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.text);
    let code = param(led.header("location"), "code");
    let redeem = async |secret: Option<&str>| {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", id.as_str()),
            ("redirect_uri", "https://www.microsoft.com"),
            ("code_verifier", VERIFIER),
            ("code", &code),
        ];
        form.extend(secret.map(|secret| ("client_secret", secret)));
        scene
            .post("/contoso.example/oauth2/v2.0/token", &form)
            .await
    };
    let bare = redeem(None).await;
    assert_refused(&bare, StatusCode::UNAUTHORIZED, "invalid_client", 7_000_218);
    let answer = redeem(Some(&secret)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(json(&answer).get("refresh_token").is_none());
    let token = text(&answer, "access_token");
    for path in ["/subscriptions?api-version=2022-12-01", "/graph/v1.0/me"] {
        assert_eq!(
            scene.get(path, &token).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
}

#[tokio::test]
async fn clients_find_everything_from_the_metadata() {
    let scene = Scene::open().await;
    for path in ["/metadata/endpoints", "//metadata/endpoints"] {
        let one = scene
            .server
            .get(&format!("{path}?api-version=2022-09-01"))
            .await;
        let one = json(&one);
        assert_eq!(one["authentication"]["loginEndpoint"], BASE, "{one}");
        assert_eq!(one["authentication"]["audiences"][0], BASE);
        assert_eq!(one["microsoftGraphResourceId"], format!("{BASE}/graph"));
        assert_eq!(one["suffixes"], json!({}));
        assert!(one.get("vmImageAliasDoc").is_none());
        let list = scene
            .server
            .get(&format!("{path}?api-version=2019-05-01"))
            .await;
        assert_eq!(json(&list), json!([one]));
    }
    let adfs = scene
        .server
        .get("/adfs/.well-known/openid-configuration")
        .await;
    assert_eq!(
        text(&adfs, "token_endpoint"),
        format!("{BASE}/adfs/oauth2/token")
    );
    let device = scene
        .server
        .get("/common/v2.0/.well-known/openid-configuration")
        .await;
    assert_eq!(
        text(&device, "device_authorization_endpoint"),
        format!("{BASE}/common/oauth2/v2.0/devicecode")
    );
}
