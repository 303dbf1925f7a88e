//! Forms without script.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::portal::Server;

#[tokio::test]
async fn what_was_typed_comes_back_with_the_refusal() {
    let server = Server::start().await;
    let form = "theme=neon&adminPassword=hunter2";
    let request = Request::post("/fn/theme/set")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-length", form.len())
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .header("referer", "https://localhost:8443/design?tab=2")
        .body(Body::from(form))
        .expect("a request");
    let answer = server.send(request).await;
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    let back = answer.header("location");
    assert!(
        back.starts_with("https://localhost:8443/design?tab=2&__path="),
        "{back}"
    );
    assert!(
        back.contains("__err=") && back.ends_with("&theme=neon"),
        "{back}"
    );
    assert!(!back.contains("hunter2"), "{back}");
}
