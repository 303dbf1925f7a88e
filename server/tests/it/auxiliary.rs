//! A script that is known in two organisations signs in to both, and sends both tokens. Rules A61, C3.

use axum::body::Body;
use axum::http::{Method, Request};
use domain::image::OsState;
use services::identity::NewAccount;
use testkit::School;

use crate::browser::Browser;
use crate::portal::{Answer, Server};

const PASSWORD: &str = "Correct-Horse-9";
const OWNER: uuid::Uuid = uuid::uuid!("8e3af657-a8ff-443c-a75c-2fe8c4bcb635");

/// A token of somebody new who owns the whole organisation.
async fn token(server: &Server, school: &School, domain: &str) -> String {
    let services = &server.portal.services;
    let system = services.system(school.tenant, "test");
    let user_name = format!("script@{domain}");
    let new = NewAccount {
        display_name: "Script".to_owned(),
        user_name: user_name.clone(),
        password: PASSWORD.to_owned(),
    };
    let who = services.account_create(&system, new).await;
    let who = who.expect("an account").id;
    let given = services.role_assignment_create(&system, services.new_id(), "/", who, OWNER);
    given.await.expect("a role");
    let browser = Browser::new(server);
    let form = browser
        .begin(&format!("?login_hint=script%40{domain}"))
        .await;
    let callback = browser.fill_in(&form, &user_name, PASSWORD).await;
    browser.get(&callback).await;
    let page = browser.post("/account/token", &[]).await;
    let field = page.text.split("id=\"token\"").nth(1);
    let value = field.and_then(|rest| rest.split("value=\"").nth(1));
    let token = value.and_then(|rest| rest.split('"').next());
    token.expect("a token").to_owned()
}

async fn ask(server: &Server, method: Method, path: &str, own: &str, others: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("{path}?api-version=2024-03-03"))
        .header("authorization", format!("Bearer {own}"))
        .header("content-type", "application/json");
    let request = if others.is_empty() {
        request
    } else {
        request.header("x-ms-authorization-auxiliary", others)
    };
    let body = Body::from(r#"{"tags": {"a": "b"}}"#);
    server.send(request.body(body).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_token_reads_images_of_its_organisation_and_does_nothing_else_there() {
    let server = Server::start().await;
    let first = School::found(&server.portal, "first.example").await;
    let gallery = first.open_plan(&server.portal).await;
    first
        .import(&server.portal, "biology", OsState::Specialized, &[1])
        .await;
    let second = School::found(&server.portal, "second.example").await;
    let (there, here) = (
        token(&server, &first, "first.example").await,
        token(&server, &second, "second.example").await,
    );
    let gallery = gallery.to_string();
    let version = format!("{gallery}/images/biology/versions/1.0.0");
    let other = format!("Bearer {there}");
    for path in [&gallery, &version] {
        let alone = ask(&server, Method::GET, path, &here, "").await;
        assert_eq!(alone.status, 404, "{}", alone.text);
        let both = ask(&server, Method::GET, path, &here, &other).await;
        assert_eq!(both.status, 200, "{}", both.text);
        let changed = ask(&server, Method::PATCH, path, &here, &other).await;
        assert_eq!(changed.status, 403, "{}", changed.text);
    }
    let plan = first.plan("science").to_string();
    let hidden = ask(&server, Method::GET, &plan, &here, &other).await;
    assert_eq!(hidden.status, 404, "{}", hidden.text);
    // Two tokens of two organisations are two: one that is not good spoils the request.
    for bad in ["Bearer x", "x", &[other.as_str(); 4].join(", ")] {
        let refused = ask(&server, Method::GET, &gallery, &here, bad).await;
        assert_eq!(refused.status, 401, "{}", refused.text);
    }
}
