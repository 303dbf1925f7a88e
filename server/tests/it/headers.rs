//! What every response carries.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::portal::Server;

/// The nonce that a policy names.
fn nonce(policy: &str) -> Option<&str> {
    policy.split("'nonce-").nth(1)?.split('\'').next()
}

#[tokio::test]
async fn a_page_names_its_own_scripts_and_no_others() {
    let server = Server::start().await;
    let page = server.get("/no-such-page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let policy = page.header("content-security-policy");
    let nonce = nonce(policy).expect("a nonce");
    assert!(
        page.text.contains(&format!("nonce=\"{nonce}\"")),
        "{}",
        page.text
    );
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    assert!(!policy.contains("'unsafe-eval'"), "{policy}");
    for script in page.text.split("<script").skip(1) {
        let tag = script.split('>').next().expect("a tag");
        assert!(tag.contains("nonce="), "a script without a nonce: {tag}");
    }
    let other = server.get("/no-such-page").await;
    assert_ne!(
        Some(nonce),
        self::nonce(other.header("content-security-policy")),
        "the nonce is used once"
    );
}

#[tokio::test]
async fn every_answer_is_named_and_guarded() {
    let server = Server::start().await;
    for path in ["/healthz", "/no-such-page", "/pkg/none.js", "/metrics"] {
        let answer = server.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(
            answer
                .header("strict-transport-security")
                .starts_with("max-age="),
            "{path}"
        );
        assert!(
            !answer.header("content-security-policy").is_empty(),
            "{path}"
        );
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(
            answer.header("x-request-id"),
            answer.header("x-ms-request-id"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_callers_request_id_never_becomes_ours() {
    let server = Server::start().await;
    let request = Request::get("/healthz")
        .header("x-request-id", "forged")
        .body(Body::empty())
        .expect("a request");
    assert_ne!(server.send(request).await.header("x-request-id"), "forged");
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_pages_never() {
    let server = Server::start().await;
    let folder = server.portal.folder().join("site/pkg");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("a.123.js"), "1").expect("a file");
    std::fs::write(folder.join("a.123.js.br"), "compressed").expect("a file");
    assert_eq!(
        server.get("/pkg/a.123.js").await.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        server.get("/pkg/b.js").await.header("cache-control"),
        "no-store"
    );
    assert_eq!(
        server.get("/no-such-page").await.header("cache-control"),
        "no-store"
    );
    let request = Request::get("/pkg/a.123.js")
        .header("accept-encoding", "br")
        .body(Body::empty())
        .expect("a request");
    let compressed = server.send(request).await;
    assert_eq!(
        (
            compressed.header("content-encoding"),
            compressed.text.as_str()
        ),
        ("br", "compressed")
    );
}

#[tokio::test]
async fn no_path_leads_out_of_the_site() {
    let server = Server::start().await;
    std::fs::create_dir_all(server.portal.folder().join("site/pkg")).expect("a folder");
    std::fs::write(server.portal.folder().join("secret.txt"), "secret").expect("a file");
    for path in [
        "/pkg/../../secret.txt",
        "/pkg/%2e%2e/%2e%2e/secret.txt",
        "/assets/../secret.txt",
        "/assets/..%2fsecret.txt",
    ] {
        let answer = server.get(path).await;
        assert!(
            !answer.text.contains("secret\n") && answer.text != "secret",
            "{path}"
        );
        assert_ne!(answer.status, StatusCode::OK, "{path}");
    }
}
