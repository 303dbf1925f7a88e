//! The built-in issuer for programs: credentials, consent, device codes, refresh, and every way in which they are
//! refused.

mod assertions;
mod consent;
mod people;
mod secrets;

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
