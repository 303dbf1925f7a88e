//! Addresses that nothing has.

use app::ssr::SignedIn;
use axum::body::Body;
use axum::http::{Method, Request};
use testkit::School;

use crate::portal::{Answer, Server};

async fn ask(server: &Server, who: Option<SignedIn>, method: Method, path: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin");
    let mut request = request.body(Body::empty()).expect("a request");
    if let Some(who) = who {
        request.extensions_mut().insert(who);
    }
    server.send(request).await
}

#[tokio::test]
async fn a_page_that_is_not_there_keeps_the_frame_of_who_is_signed_in() {
    let server = Server::start().await;
    let school = School::found(&server.portal, "contoso.example").await;
    let reader = SignedIn {
        op: server.portal.ctx(school.reader).await,
        tenant_name: "Contoso".to_owned(),
    };
    for (method, path) in [
        (Method::GET, "/no-such-page"),
        (Method::GET, "/labs/one/two/three"),
        (Method::GET, "/labs/no-key"),
        (Method::POST, "/no-such-page"),
    ] {
        let answer = ask(&server, Some(reader.clone()), method.clone(), path).await;
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text);
        for part in ["<h1>Not found", "href=\"/machines\"", "Contoso"] {
            let is_there = answer.text.contains(part);
            assert!(is_there, "{method} {path} has no {part}: {}", answer.text);
        }
        assert!(
            answer
                .header("content-security-policy")
                .contains("script-src"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_tells_a_stranger_just_that() {
    let server = Server::start().await;
    let answer = ask(&server, None, Method::GET, "/no-such-page").await;
    assert_eq!(answer.status, 404);
    assert!(answer.text.contains("<h1>Not found"), "{}", answer.text);
    assert!(
        !answer.text.contains("href=\"/machines\""),
        "{}",
        answer.text
    );
}
