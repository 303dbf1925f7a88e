//! What operators and their tools look at.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::portal::Server;

#[tokio::test]
async fn a_server_that_can_work_is_ready() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.text, "ok\n");
    let ready = server.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text);
    for part in ["database", "engine", "store:westeurope"] {
        assert!(ready.text.contains(part), "{}", ready.text);
    }
}

#[tokio::test]
async fn a_server_without_a_store_is_not_ready_and_says_which() {
    let server = Server::start().await;
    std::fs::remove_dir_all(server.portal.folder().join("stores/eastus")).expect("removed");
    let ready = server.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        ready
            .text
            .contains(r#"{"name":"store:eastus","ready":false}"#),
        "{}",
        ready.text
    );
    assert_eq!(server.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn metrics_count_routes_and_not_addresses() {
    let server = Server::start().await;
    server.get("/healthz").await;
    server.get("/anybody/invents/this").await;
    let metrics = server.get("/metrics").await;
    assert_eq!(metrics.status, StatusCode::OK);
    let line = r#"vitrine_http_requests_total{method="GET",route="/healthz",status="200"} 1"#;
    assert!(metrics.text.contains(line), "{}", metrics.text);
    assert!(!metrics.text.contains("invents"), "{}", metrics.text);
    assert!(
        metrics
            .text
            .contains("vitrine_disk_free_bytes{place=\"Store\",region=\"westeurope\"}"),
        "{}",
        metrics.text
    );
    assert!(metrics.text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn metrics_are_for_this_host_or_for_who_has_the_token() {
    let request = || {
        Request::get("/metrics")
            .body(Body::empty())
            .expect("a request")
    };
    let server = Server::start().await;
    assert_eq!(
        server.send_from("192.0.2.7:40000", request()).await.status,
        StatusCode::NOT_FOUND
    );

    let token = "0123456789abcdef0123456789abcdef";
    let server = Server::configured(|config| config.server.metrics_token = token.to_owned()).await;
    assert_eq!(server.send(request()).await.status, StatusCode::NOT_FOUND);
    let shown = Request::get("/metrics").header("authorization", format!("Bearer {token}"));
    let shown = shown.body(Body::empty()).expect("a request");
    assert_eq!(
        server.send_from("192.0.2.7:40000", shown).await.status,
        StatusCode::OK
    );
}
