//! Requests that a foreign page makes a browser send.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::portal::Server;

fn post(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(Method::POST).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from("theme=dark")).expect("a request")
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn a_foreign_page_can_post_nothing() {
    let server = Server::start().await;
    for headers in [
        &[FORM, ("sec-fetch-site", "cross-site")][..],
        &[
            FORM,
            ("cookie", "theme=dark"),
            ("origin", "https://evil.example"),
        ],
        &[FORM, ("cookie", "theme=dark")],
    ] {
        let answer = server.send(post("/fn/theme/set", headers)).await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{headers:?}: {}",
            answer.text
        );
        assert!(answer.header("set-cookie").is_empty());
    }
}

#[tokio::test]
async fn our_own_page_can() {
    let server = Server::start().await;
    let headers = [
        FORM,
        ("sec-fetch-site", "same-origin"),
        ("accept", "application/json"),
    ];
    let answer = server.send(post("/fn/theme/set", &headers)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.header("set-cookie").starts_with("theme=dark"));
}

#[tokio::test]
async fn a_form_larger_than_any_of_ours_is_refused() {
    let server = Server::start().await;
    let request = Request::post("/fn/theme/set")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("content-length", 2 << 20)
        .body(Body::from("a".repeat(2 << 20)))
        .expect("a request");
    assert_eq!(
        server.send(request).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}
