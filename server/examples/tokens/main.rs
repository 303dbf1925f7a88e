//! How many programs sign in a second, held against a bare handler that signs the same token: for `./dev bench`.
//!
//! The whole server of the product, on SQLite, with an application that signs in by its secret; beside it an Axum
//! router whose one handler signs the same claims and does nothing else. Both listen on loopback without TLS and are
//! asked by the same clients in turn. Prints: name, bytes, our answers per second, the bare handler's; then how long a
//! page of the portal takes alone and beside 200 sign-ins a second, in microseconds.
#![expect(
    clippy::expect_used,
    reason = "a bench that can't be set up must say so and stop"
)]

#[path = "../stand/mod.rs"]
mod stand;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use domain::application::ApplicationInput;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use testkit::{School, TestPortal};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use stand::load::Client;
use stand::{product, rates, serve};

/// What the project promises.
const PACE: Duration = Duration::from_millis(5);
/// Sign-ins that are under way at once, at the most.
const AT_ONCE: usize = 16;
/// How often the page is asked for in a round.
const PAGES: usize = 60;

#[tokio::main]
async fn main() {
    let portal = TestPortal::on_sqlite().await;
    let (path, form) = application(&portal).await;
    let ours = serve(product(&portal)).await;
    let client = Client::raw(format!(
        "POST {path} HTTP/1.1\r\nHost: localhost:8443\r\nAccept: application/json\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    ));
    let answer = client.fetch(ours).await;
    assert_eq!(answer.content_type, "application/json");
    let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let key = portal.services.signing_key_current().await.expect("a key");
    let token = told["access_token"].as_str().expect("a token").to_owned();
    let bare = serve(bare(&path, &key.private_pem, &token)).await;
    let bytes = answer.body.len();
    let (programs, signed) = rates(&client, bytes, ours, bare).await;
    println!("sign-in of a program\t{bytes}\t{programs}\t{signed}");
    let (alone, beside) = pages(ours, client).await;
    println!("pages\t{}\t{}", alone.as_micros(), beside.as_micros());
}

/// An application with a secret, and the request by which it signs in.
async fn application(portal: &TestPortal) -> (String, String) {
    let school = School::found(portal, "contoso.example").await;
    let (services, ctx) = (&portal.services, portal.ctx(school.owner).await);
    let input = ApplicationInput {
        display_name: "bench".to_owned(),
        ..ApplicationInput::default()
    };
    let made = services.application_create(&ctx, input, true).await;
    let made = made.expect("an application");
    let secret = services.application_secret_create(&ctx, made.id, "bench", None);
    let secret = secret.await.expect("a secret").secret;
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={secret}&scope=https%3A%2F%2Fmanagement.azure.com%2F.default",
        made.app_id
    );
    (format!("/{}/oauth2/v2.0/token", school.tenant), form)
}

/// What the bare handler signs.
#[derive(Debug)]
struct Signed {
    key: EncodingKey,
    header: Header,
    claims: Value,
}

/// One handler that signs, off the async threads as ours does.
fn bare(path: &str, pem: &str, token: &str) -> Router {
    let header = jsonwebtoken::decode_header(token).expect("a header");
    let signed = Signed {
        key: EncodingKey::from_rsa_pem(pem.as_bytes()).expect("a key"),
        header: Header {
            kid: header.kid,
            ..Header::new(Algorithm::RS256)
        },
        claims: jsonwebtoken::dangerous::insecure_decode::<Value>(token)
            .expect("claims")
            .claims,
    };
    let sign = |State(signed): State<Arc<Signed>>| async move {
        let token = tokio::task::spawn_blocking(move || {
            jsonwebtoken::encode(&signed.header, &signed.claims, &signed.key).expect("a token")
        });
        let token = token.await.expect("a signature");
        axum::Json(json!({
            "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": token,
        }))
    };
    Router::new()
        .route(path, post(sign))
        .with_state(Arc::new(signed))
}

/// The median time of a page, alone and beside 200 sign-ins a second.
async fn pages(server: SocketAddr, sign_in: Client) -> (Duration, Duration) {
    let page = Client::new("/signed-out", "");
    let alone = times(&page, server).await;
    let stop = CancellationToken::new();
    let load = tokio::spawn({
        let stop = stop.clone();
        let sign_in = Arc::new(sign_in);
        async move {
            let mut pace = tokio::time::interval(PACE);
            let places = Arc::new(Semaphore::new(AT_ONCE));
            while !stop.is_cancelled() {
                pace.tick().await;
                // A server that can't keep pace is asked for less; the rate above tells that it can't.
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                    continue;
                };
                let sign_in = Arc::clone(&sign_in);
                tokio::spawn(async move {
                    sign_in.fetch(server).await;
                    drop(place);
                });
            }
        }
    });
    let beside = times(&page, server).await;
    stop.cancel();
    load.await.expect("the load ends");
    (alone, beside)
}

async fn times(page: &Client, server: SocketAddr) -> Duration {
    let mut times = Vec::with_capacity(PAGES);
    for _ in 0..PAGES {
        let begun = Instant::now();
        page.fetch(server).await;
        times.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    times.sort_unstable();
    times[PAGES / 2]
}
