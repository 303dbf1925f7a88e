//! The built-in issuer for programs: credentials, consent, device codes, refresh, and every way in which they are
//! refused.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::application::{ApplicationInput, ApplicationView, FederatedInput};
use domain::identity::Reach;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use services::identity::NewAccount;
use sha1::Digest as _;
use testkit::{Person, School};
use uuid::Uuid;

use crate::browser::{BASE, Browser, param};
use crate::portal::{Answer, Server};

const CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const CERTIFICATE: &str = include_str!("issuer/certificate.pem");
const KEY: &str = include_str!("issuer/key.pem");
/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const PASSWORD: &str = "Correct-Horse-9";

struct Scene {
    server: Server,
    school: School,
}

impl Scene {
    async fn open() -> Self {
        let server = Server::start().await;
        let school = School::found(&server.portal, "contoso.example").await;
        Self { server, school }
    }

    async fn register(&self, who: Person, multi_tenant: bool) -> ApplicationView {
        let portal = &self.server.portal;
        let input = ApplicationInput {
            display_name: "gallery app".to_owned(),
            multi_tenant,
            redirect_uris: vec!["https://www.microsoft.com".to_owned()],
            ..ApplicationInput::default()
        };
        let ctx = portal.ctx(who).await;
        let made = portal.services.application_create(&ctx, input, true).await;
        made.expect("an application")
    }

    async fn secret(&self, of: &ApplicationView) -> String {
        let portal = &self.server.portal;
        let ctx = portal.ctx(self.school.owner).await;
        let made = portal
            .services
            .application_secret_create(&ctx, of.id, "test", None)
            .await;
        made.expect("a secret").secret
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_from("192.0.2.9:1", path, form).await
    }

    async fn post_from(&self, peer: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form));
        self.server
            .send_from(peer, request.expect("a request"))
            .await
    }

    async fn by_secret(&self, authority: &str, id: &str, secret: &str, scope: &str) -> Answer {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
            ("client_info", "1"),
            ("scope", scope),
        ];
        self.post(&format!("/{authority}/oauth2/v2.0/token"), &form)
            .await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        self.server
            .send(request.body(Body::empty()).expect("a request"))
            .await
    }

    /// A person with a password, who is given a role in the whole tenant.
    async fn person(&self, school: &School, name: &str, role: Option<&str>) -> (String, Uuid) {
        let services = &self.server.portal.services;
        let domain = services
            .tenant_find(&school.tenant.to_string())
            .await
            .expect("no failure")
            .expect("a tenant")
            .domain;
        let user_name = format!("{name}@{domain}");
        let system = services.system(school.tenant, "test");
        let new = NewAccount {
            display_name: name.to_owned(),
            user_name: user_name.clone(),
            password: PASSWORD.to_owned(),
        };
        let id = services
            .account_create(&system, new)
            .await
            .expect("an account")
            .id;
        if let Some(role) = role {
            let role = domain::rbac::BUILT_IN.iter().find(|one| one.name == role);
            let role = role.expect("a built-in role").id;
            services
                .role_assignment_create(&system, services.new_id(), "/", id, role)
                .await
                .expect("a role");
        }
        (user_name, id)
    }
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

fn text(answer: &Answer, name: &str) -> String {
    let value = json(answer);
    let text = value[name].as_str();
    text.unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}

fn claims(token: &str) -> Value {
    let body = token.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(body).expect("base64")).expect("JSON")
}

fn assert_refused(answer: &Answer, status: StatusCode, error: &str, number: u32) {
    let body = json(answer);
    assert_eq!(
        (answer.status, body["error"].as_str(), &body["error_codes"]),
        (status, Some(error), &json!([number])),
        "{body}"
    );
    let description = body["error_description"].as_str().unwrap_or_default();
    assert!(
        description.starts_with(&format!("AADSTS{number}: ")),
        "{description}"
    );
    assert!(answer.header("retry-after").is_empty());
}

fn scope() -> String {
    format!("{BASE}/.default")
}

#[tokio::test]
async fn rule_c3_a_program_signs_in_with_its_secret_and_acts_with_its_own_roles() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    let tenant = scene.school.tenant.to_string();
    for authority in [tenant.as_str(), "contoso.example", "organizations"] {
        let answer = scene.by_secret(authority, &id, &secret, &scope()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(
            (answer.header("cache-control"), answer.header("retry-after")),
            ("no-store", "")
        );
        let said = claims(&text(&answer, "access_token"));
        assert_eq!(
            (&said["aud"], &said["tid"], &said["azp"], &said["idtyp"]),
            (&json!(BASE), &json!(tenant), &json!(id), &json!("app"))
        );
    }
    let token = text(
        &scene.by_secret(&tenant, &id, &secret, &scope()).await,
        "access_token",
    );
    let list = "/subscriptions?api-version=2022-12-01";
    let seen = scene.get(list, &token).await;
    assert_eq!(json(&seen)["value"], json!([]), "it has no role yet");
    let services = &scene.server.portal.services;
    let owner = scene.server.portal.ctx(scene.school.owner).await;
    let program = services
        .service_principal_of(&owner, app.app_id)
        .await
        .expect("no failure")
        .expect("a principal");
    let reader = domain::rbac::BUILT_IN
        .iter()
        .find(|one| one.name == "Reader");
    let reader = reader.expect("a role").id;
    services
        .role_assignment_create(&owner, services.new_id(), "/", program.id, reader)
        .await
        .expect("a role");
    let seen = scene.get(list, &token).await;
    assert_eq!(json(&seen)["value"][0]["state"], "Enabled", "{}", seen.text);
    services
        .principal_enable(&owner, program.id, false)
        .await
        .expect("barred");
    assert_eq!(
        scene.get(list, &token).await.status,
        StatusCode::UNAUTHORIZED
    );
    let barred = scene.by_secret(&tenant, &id, &secret, &scope()).await;
    assert_refused(
        &barred,
        StatusCode::BAD_REQUEST,
        "unauthorized_client",
        7_000_112,
    );
}

#[tokio::test]
async fn programs_that_prove_nothing_are_refused_by_number() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    let ask = async |id: &str, secret: &str, scope: &str| {
        scene.by_secret("contoso.example", id, secret, scope).await
    };
    let wrong = ask(&id, "guessed", &scope()).await;
    assert_refused(
        &wrong,
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        7_000_215,
    );
    let unknown = ask(&Uuid::from_u128(7).to_string(), &secret, &scope()).await;
    assert_refused(
        &unknown,
        StatusCode::BAD_REQUEST,
        "unauthorized_client",
        700_016,
    );
    let nowhere = scene
        .by_secret("nowhere.example", &id, &secret, &scope())
        .await;
    assert_refused(&nowhere, StatusCode::BAD_REQUEST, "invalid_tenant", 90_002);
    let vault = ask(&id, &secret, "https://vault.azure.net/.default").await;
    assert_refused(&vault, StatusCode::BAD_REQUEST, "invalid_resource", 500_011);
    let identity = ask(&id, &secret, "openid").await;
    assert_refused(
        &identity,
        StatusCode::BAD_REQUEST,
        "invalid_scope",
        1_002_012,
    );
    let cli = ask(CLI, &secret, &scope()).await;
    assert_refused(
        &cli,
        StatusCode::BAD_REQUEST,
        "unauthorized_client",
        700_025,
    );
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("scope", &scope()),
    ];
    let path = "/contoso.example/oauth2/v2.0/token";
    let bare = scene.post(path, &form).await;
    assert_refused(&bare, StatusCode::UNAUTHORIZED, "invalid_client", 7_000_218);
    let password = scene.post(path, &[("grant_type", "password")]).await;
    assert_refused(
        &password,
        StatusCode::BAD_REQUEST,
        "unsupported_grant_type",
        70_003,
    );
    scene.server.portal.clock.advance(TimeDelta::days(366));
    let expired = ask(&id, &secret, &scope()).await;
    assert_refused(
        &expired,
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        7_000_222,
    );
}

#[tokio::test]
async fn who_guesses_secrets_waits_and_locks_nobody_else_out() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    for _ in 0..5 {
        scene
            .by_secret("contoso.example", &id, "guessed", &scope())
            .await;
    }
    let waits = scene
        .by_secret("contoso.example", &id, &secret, &scope())
        .await;
    assert_eq!(
        waits.status,
        StatusCode::TOO_MANY_REQUESTS,
        "{}",
        waits.text
    );
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("scope", &scope()),
    ];
    let path = "/contoso.example/oauth2/v2.0/token";
    let elsewhere = scene.post_from("198.51.100.1:1", path, &form).await;
    assert_eq!(elsewhere.status, StatusCode::OK, "{}", elsewhere.text);
}

#[tokio::test]
async fn a_token_opens_what_it_was_asked_for_alone() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    let token = async |scope: &str| {
        let answer = scene
            .by_secret("contoso.example", &id, &secret, scope)
            .await;
        text(&answer, "access_token")
    };
    let rest = "/subscriptions?api-version=2022-12-01";
    for scope in [
        format!("{BASE}/.default"),
        format!("{BASE}//.default"),
        "https://management.azure.com//.default".to_owned(),
        "https://management.core.windows.net//.default".to_owned(),
    ] {
        let token = token(&scope).await;
        assert_eq!(
            scene.get(rest, &token).await.status,
            StatusCode::OK,
            "{scope}"
        );
        let refused = scene.get("/graph/v1.0/me", &token).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{scope}");
    }
    let directory = token(&format!("{BASE}/graph/.default")).await;
    let me = scene.get("/graph/v1.0/me", &directory).await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.text);
    assert_eq!(
        scene.get(rest, &directory).await.status,
        StatusCode::UNAUTHORIZED
    );
}

fn assertion(algorithm: Algorithm, header: &dyn Fn(&mut Header), claims: &Value) -> String {
    let mut head = Header::new(algorithm);
    header(&mut head);
    let key = EncodingKey::from_rsa_pem(KEY.as_bytes()).expect("a key");
    jsonwebtoken::encode(&head, claims, &key).expect("a JWT")
}

fn der() -> Vec<u8> {
    let lines = CERTIFICATE.lines().filter(|line| !line.starts_with("---"));
    BASE64_STANDARD
        .decode(lines.collect::<String>())
        .expect("base64")
}

#[tokio::test]
async fn a_program_signs_in_with_its_certificate_as_stock_clients_write_it() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let id = app.app_id.to_string();
    let services = &scene.server.portal.services;
    let owner = scene.server.portal.ctx(scene.school.owner).await;
    let now = services.now().timestamp() as f64;
    let endpoint = format!("{BASE}/contoso.example/oauth2/v2.0/token");
    let said = |change: &dyn Fn(&mut Value)| {
        let mut said = json!({
            "iss": id, "sub": id, "aud": endpoint, "jti": "1",
            "exp": now + 600.25, "iat": now + 0.5, "nbf": now - 0.5,
        });
        change(&mut said);
        said
    };
    // The padding is not what the standard says, and yet what clients send.
    let x5t = |header: &mut Header| {
        header.x5t = Some(BASE64_STANDARD.encode(sha1::Sha1::digest(der())));
    };
    let x5t_s256 = |header: &mut Header| {
        let digest = sha2::Sha256::digest(der());
        header.x5t_s256 = Some(BASE64_URL_SAFE_NO_PAD.encode(digest));
    };
    let none = |_: &mut Header| {};
    let send = async |assertion: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id.as_str()),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
            ("scope", &scope()),
        ];
        // Each from an address of its own: failures are counted by address.
        let peer = format!("198.51.100.{}:1", assertion.len() % 250);
        scene
            .post_from(&peer, "/contoso.example/oauth2/v2.0/token", &form)
            .await
    };
    let good = assertion(Algorithm::RS256, &x5t, &said(&|_| {}));
    let early = send(&good).await;
    assert_refused(&early, StatusCode::UNAUTHORIZED, "invalid_client", 700_027);
    services
        .application_certificate_add(&owner, app.id, "", CERTIFICATE)
        .await
        .expect("a certificate");
    let shown = services
        .application_get(&owner, app.id)
        .await
        .expect("the application");
    assert_eq!(shown.credentials[0].display_name, "CN=gallery script");
    for good in [
        good.clone(),
        assertion(Algorithm::PS256, &x5t_s256, &said(&|_| {})),
    ] {
        let answer = send(&good).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let other = Uuid::from_u128(7).to_string();
    let cases: [(String, u32); 6] = [
        (assertion(Algorithm::RS256, &none, &said(&|_| {})), 700_027),
        (
            assertion(Algorithm::RS256, &x5t, &said(&|c| c["sub"] = json!(other))),
            700_021,
        ),
        (
            assertion(
                Algorithm::RS256,
                &x5t,
                &said(&|c| c["aud"] = json!("https://evil.example")),
            ),
            700_023,
        ),
        (
            assertion(
                Algorithm::RS256,
                &x5t,
                &said(&|c| c["exp"] = json!(now - 301.0)),
            ),
            700_024,
        ),
        (
            assertion(
                Algorithm::RS256,
                &x5t,
                &said(&|c| c["exp"] = json!(now + 100_000.0)),
            ),
            700_024,
        ),
        (format!("{}x", &good[..good.len() - 4]), 700_027),
    ];
    for (bad, number) in cases {
        let answer = send(&bad).await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED, "invalid_client", number);
    }
    let private = services
        .application_certificate_add(&owner, app.id, "", &format!("{KEY}{CERTIFICATE}"))
        .await;
    assert!(
        private.is_err_and(|error| error.to_string().contains("private key")),
        "a private key is sent back"
    );
}

/// An outside issuer on this host with one key; answers its address.
async fn outside_issuer() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    let key = EncodingKey::from_rsa_pem(KEY.as_bytes()).expect("a key");
    let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::RS256).expect("a JWK");
    let mut jwk = serde_json::to_value(jwk).expect("JSON");
    jwk["kid"] = json!("outside");
    let discovery = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
    // A key of a kind that nobody knows here does no harm to the other.
    let keys = json!({ "keys": [{ "kty": "new" }, jwk] });
    let document = |body: Value| axum::routing::get(move || async move { axum::Json(body) });
    let router = axum::Router::new()
        .route("/.well-known/openid-configuration", document(discovery))
        .route("/keys", document(keys));
    tokio::spawn(async move { axum::serve(listener, router).await });
    issuer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_signs_in_with_a_token_of_an_issuer_that_it_trusts() {
    let server =
        Server::configured(|config| config.identity.provider_reach = Reach::Loopback).await;
    let school = School::found(&server.portal, "contoso.example").await;
    let scene = Scene { server, school };
    let app = scene.register(scene.school.owner, false).await;
    let (id, issuer) = (app.app_id.to_string(), outside_issuer().await);
    let services = &scene.server.portal.services;
    let owner = scene.server.portal.ctx(scene.school.owner).await;
    let trusted = FederatedInput {
        display_name: "builds".to_owned(),
        issuer: issuer.clone(),
        subject: "repo:main".to_owned(),
        audience: "vitrine".to_owned(),
    };
    services
        .application_federated_add(&owner, app.id, trusted)
        .await
        .expect("a credential");
    let now = services.now().timestamp();
    let token = |kid: &str, change: &dyn Fn(&mut Value)| {
        let mut said =
            json!({ "iss": issuer, "sub": "repo:main", "aud": "vitrine", "exp": now + 300 });
        change(&mut said);
        assertion(
            Algorithm::RS256,
            &|header| header.kid = Some(kid.to_owned()),
            &said,
        )
    };
    let send = async |assertion: &str, peer: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id.as_str()),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
            ("scope", &scope()),
        ];
        scene
            .post_from(peer, "/contoso.example/oauth2/v2.0/token", &form)
            .await
    };
    let good = send(&token("outside", &|_| {}), "198.51.100.1:1").await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text);
    let cases: [(String, u32); 5] = [
        (
            token("outside", &|c| c["sub"] = json!("repo:fork")),
            700_213,
        ),
        (token("outside", &|c| c["aud"] = json!("other")), 700_212),
        (
            token("outside", &|c| c["iss"] = json!("https://evil.example")),
            700_211,
        ),
        (token("outside", &|c| c["exp"] = json!(now - 301)), 700_024),
        (token("another", &|_| {}), 700_027),
    ];
    for (number, (bad, expected)) in cases.into_iter().enumerate() {
        let answer = send(&bad, &format!("198.51.100.{}:1", number + 2)).await;
        assert_refused(
            &answer,
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            expected,
        );
    }
}

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
