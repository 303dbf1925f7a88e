//! Consoles and event streams are for those who are signed in.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::portal::Server;

const MACHINE: &str = "00000000-0000-0000-0000-000000000001";

fn upgrade(path: &str, site: &str) -> Request<Body> {
    Request::get(path)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-fetch-site", site)
        .body(Body::empty())
        .expect("a request")
}

#[tokio::test]
async fn nobody_opens_a_console_without_signing_in() {
    let server = Server::start().await;
    for line in ["screen", "serial"] {
        let answer = server
            .send(upgrade(
                &format!("/console/{MACHINE}/{line}"),
                "same-origin",
            ))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNAUTHORIZED,
            "{line}: {}",
            answer.text
        );
    }
    for path in [
        format!("/console/{MACHINE}/screenshot"),
        format!("/events/jobs/{MACHINE}"),
        format!("/events/machines/{MACHINE}"),
    ] {
        assert_eq!(
            server.get(&path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_foreign_page_opens_no_console() {
    let server = Server::start().await;
    let answer = server
        .send(upgrade(&format!("/console/{MACHINE}/screen"), "cross-site"))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
