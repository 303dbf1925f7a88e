//! Uploads are for those who are signed in, whatever their size.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::portal::Server;

const UPLOAD: &str = "/uploads/00000000-0000-0000-0000-000000000001";

#[tokio::test]
async fn nobody_uploads_without_signing_in() {
    let server = Server::start().await;
    for (method, path) in [
        (Method::POST, "/uploads"),
        (Method::PATCH, UPLOAD),
        (Method::GET, UPLOAD),
        (Method::DELETE, UPLOAD),
        (Method::POST, "/uploads/form"),
    ] {
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header("content-type", "application/json");
        let answer = server
            .send(request.body(Body::from("{}")).expect("a request"))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNAUTHORIZED,
            "{method} {path}: {}",
            answer.text
        );
    }
}
