//! The directory: what command-line clients ask of it, and who is answered.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::application::ApplicationInput;
use serde_json::{Value, json};
use testkit::{Person, School};
use uuid::Uuid;

use crate::portal::{Answer, Server};

struct Directory {
    server: Server,
    school: School,
    other: School,
    application: Uuid,
    principal: Uuid,
    app_id: Uuid,
}

impl Directory {
    async fn open() -> Self {
        let server = Server::start().await;
        let school = School::found(&server.portal, "contoso.example").await;
        let other = School::found(&server.portal, "fabrikam.example").await;
        let (services, ctx) = (
            &server.portal.services,
            server.portal.ctx(school.owner).await,
        );
        let input = ApplicationInput {
            display_name: "nightly".to_owned(),
            ..ApplicationInput::default()
        };
        let made = services.application_create(&ctx, input, true).await;
        let made = made.expect("an application");
        let principal = services.service_principal_of(&ctx, made.app_id).await;
        let principal = principal.expect("no failure").expect("a principal").id;
        Self {
            server,
            school,
            other,
            application: made.id,
            principal,
            app_id: made.app_id,
        }
    }

    async fn ask(
        &self,
        who: Option<Person>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let path = path
            .replace("{application}", &self.application.to_string())
            .replace("{principal}", &self.principal.to_string())
            .replace("{appId}", &self.app_id.to_string())
            .replace("{student}", &self.school.student.id.to_string());
        let request = Request::builder()
            .method(method)
            .uri(format!("/graph/v1.0{path}"))
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let mut request = request.body(body).expect("a request");
        if let Some(person) = who {
            // How a caller is recognised is another test's matter.
            let ctx = self.server.portal.ctx(person).await;
            request.extensions_mut().insert(ctx);
        }
        self.server.send(request).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self
            .ask(Some(self.school.owner), Method::GET, path, None)
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        serde_json::from_str(&answer.text).expect("JSON")
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Some(self.school.owner), Method::POST, path, Some(body))
            .await
    }
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

/// Method, path, body, and what anonymous, a stranger of another tenant, a student, a reader, a contributor and an
/// owner get. Who gives no roles and sees no people is told of nobody.
type Row = (&'static str, &'static str, &'static str, [u16; 6]);

const OPERATIONS: &[Row] = &[
    ("GET", "/me", "", [401, 200, 200, 200, 200, 200]),
    ("GET", "/users", "", [401, 200, 403, 200, 200, 200]),
    (
        "GET",
        "/users/{student}",
        "",
        [401, 404, 403, 200, 200, 200],
    ),
    ("GET", "/groups", "", [401, 200, 403, 200, 200, 200]),
    (
        "GET",
        "/groups/{student}",
        "",
        [401, 404, 403, 404, 404, 404],
    ),
    (
        "POST",
        "/directoryObjects/getByIds",
        "{\"ids\":[]}",
        [401, 200, 403, 200, 200, 200],
    ),
    (
        "GET",
        "/servicePrincipals",
        "",
        [401, 200, 403, 200, 200, 200],
    ),
    (
        "GET",
        "/servicePrincipals/{principal}",
        "",
        [401, 404, 403, 200, 200, 200],
    ),
    (
        "POST",
        "/servicePrincipals",
        "{\"appId\":\"{appId}\"}",
        [401, 404, 404, 403, 403, 409],
    ),
    ("GET", "/applications", "", [401, 200, 404, 200, 200, 200]),
    (
        "GET",
        "/applications/{application}",
        "",
        [401, 404, 404, 200, 200, 200],
    ),
    (
        "POST",
        "/applications",
        "{\"displayName\":\"x\"}",
        [401, 201, 404, 403, 403, 201],
    ),
    (
        "PATCH",
        "/applications/{application}",
        "{\"displayName\":\"y\"}",
        [401, 404, 404, 403, 403, 204],
    ),
    (
        "POST",
        "/applications/{application}/addPassword",
        "{}",
        [401, 404, 404, 403, 403, 200],
    ),
    (
        "POST",
        "/applications/{application}/removePassword",
        "{\"keyId\":\"00000000-0000-0000-0000-000000000001\"}",
        [401, 404, 404, 403, 403, 404],
    ),
    (
        "DELETE",
        "/servicePrincipals/{principal}",
        "",
        [401, 404, 404, 403, 403, 204],
    ),
    (
        "DELETE",
        "/applications/{application}",
        "",
        [401, 404, 404, 403, 403, 204],
    ),
];

#[tokio::test]
async fn every_operation_answers_every_caller_as_it_must() {
    let directory = Directory::open().await;
    let school = &directory.school;
    let callers = [
        None,
        Some(directory.other.owner),
        Some(school.student),
        Some(school.reader),
        Some(school.contributor),
        Some(school.owner),
    ];
    let mut wrong = Vec::new();
    for (method, path, body, expected) in OPERATIONS {
        for (who, expected) in callers.into_iter().zip(expected) {
            let body = body.replace("{appId}", &directory.app_id.to_string());
            let body = (!body.is_empty()).then(|| serde_json::from_str(&body).expect("JSON"));
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let answer = directory.ask(who, method.clone(), path, body).await;
            if answer.status.as_u16() != *expected {
                wrong.push(format!(
                    "{method} {path} by {who:?}: {} instead of {expected}: {}",
                    answer.status, answer.text
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn command_lines_find_whom_they_give_roles_to() {
    let directory = Directory::open().await;
    let app = directory.app_id;
    let by_name = |name: &str| format!("servicePrincipalNames/any(c:c%20eq%20'{name}')");
    let found = directory
        .get(&format!(
            "/servicePrincipals?$filter={}",
            by_name(&app.to_string())
        ))
        .await;
    assert_eq!(
        (
            &found["value"][0]["id"],
            &found["value"][0]["appId"],
            &found["value"][0]["servicePrincipalNames"]
        ),
        (&json!(directory.principal), &json!(app), &json!([app]))
    );
    let none = directory
        .get(&format!("/servicePrincipals?$filter={}", by_name("nobody")))
        .await;
    assert_eq!(none["value"], json!([]));
    let user = directory
        .get("/users?$filter=userPrincipalName%20eq%20'student@contoso.example'")
        .await;
    assert_eq!(user["value"][0]["id"], json!(directory.school.student.id));
    let apps = directory
        .get("/applications?$filter=startswith(displayName,'Night')")
        .await;
    assert_eq!(apps["value"][0]["id"], json!(directory.application));
    let ids = json!({
        "ids": [directory.principal, directory.school.student.id, directory.other.student.id],
        "types": ["user", "group", "servicePrincipal", "directoryObjectPartnerReference"],
    });
    let objects = json(&directory.post("/directoryObjects/getByIds", ids).await);
    let objects = objects["value"].as_array().expect("a list").clone();
    let kinds: Vec<&str> = objects
        .iter()
        .filter_map(|object| object["@odata.type"].as_str())
        .collect();
    assert_eq!(
        kinds,
        ["#microsoft.graph.servicePrincipal", "#microsoft.graph.user"],
        "nobody of another school"
    );
    let bad = directory
        .ask(
            Some(directory.school.owner),
            Method::GET,
            "/users?$filter=displayName%20ne%20'x'",
            None,
        )
        .await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    assert_eq!(json(&bad)["error"]["code"], "Request_UnsupportedQuery");
}

#[tokio::test]
async fn a_script_makes_an_application_a_secret_and_a_principal_in_steps() {
    let directory = Directory::open().await;
    let made = directory
        .post(
            "/applications",
            json!({
                "displayName": "myGalleryApp",
                "signInAudience": "AzureADMultipleOrgs",
                "web": { "redirectUris": ["https://www.microsoft.com"] },
            }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = json(&made);
    assert_eq!(made["passwordCredentials"], json!([]));
    assert_eq!(made["signInAudience"], "AzureADMultipleOrgs");
    let id = made["id"].as_str().expect("an id").to_owned();
    let secret = directory
        .post(
            &format!("/applications/{id}/addPassword"),
            json!({ "passwordCredential": { "displayName": "rbac", "endDateTime": "2027-01-01T00:00:00Z" } }),
        )
        .await;
    let secret = json(&secret);
    let text = secret["secretText"].as_str().expect("a secret").to_owned();
    assert_eq!(secret["endDateTime"], "2027-01-01T00:00:00Z");
    let shown = directory.get(&format!("/applications/{id}")).await;
    assert_eq!(shown["passwordCredentials"][0]["keyId"], secret["keyId"]);
    assert!(!shown.to_string().contains(&text), "a secret is told once");
    let principal = directory
        .post("/servicePrincipals", json!({ "appId": made["appId"] }))
        .await;
    assert_eq!(principal.status, StatusCode::CREATED, "{}", principal.text);
    assert_eq!(json(&principal)["appId"], made["appId"]);
    let too_long = directory
        .post(
            &format!("/applications/{id}/addPassword"),
            json!({ "passwordCredential": { "endDateTime": "2036-01-01T00:00:00Z" } }),
        )
        .await;
    assert_eq!(
        too_long.status,
        StatusCode::BAD_REQUEST,
        "{}",
        too_long.text
    );
}
