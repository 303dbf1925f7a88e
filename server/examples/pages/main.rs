//! How fast pages and lists come, held against a bare handler that sends the same bytes: for `./dev bench`.
//!
//! The whole server of the product, on SQLite, with a school of fifty labs and an image of a hundred versions; beside
//! it an Axum router whose handlers know their answer. Both listen on loopback without TLS and are asked by the same
//! clients in turn. Prints one line for each: name, bytes, our answers per second, the bare handler's.
#![expect(
    clippy::expect_used,
    reason = "a bench that can't be set up must say so and stop"
)]

mod load;
mod school;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use server::config::Config;
use server::metrics::Metrics;
use server::state::{AppState, TRUST};
use testkit::TestPortal;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use load::Client;

const ROUNDS: usize = 7;

#[tokio::main]
async fn main() {
    let portal = TestPortal::on_sqlite().await;
    let school = school::furnish(&portal).await;
    let ours = serve(product(&portal)).await;
    for (name, path) in &school.addresses {
        let client = Client::new(path, &school.cookie);
        let answer = client.fetch(ours).await;
        let bytes = answer.body.len();
        let bare = serve(bare(path, answer.content_type, answer.body)).await;
        let mut rates = (Vec::new(), Vec::new());
        // The first round warms both up.
        for round in 0..=ROUNDS {
            let pair = (
                client.rate(ours, bytes).await,
                client.rate(bare, bytes).await,
            );
            if round > 0 {
                rates.0.push(pair.0);
                rates.1.push(pair.1);
            }
        }
        println!("{name}\t{bytes}\t{}\t{}", median(rates.0), median(rates.1));
    }
}

/// The server as `vitrine serve` composes it, listeners and job workers aside.
fn product(portal: &TestPortal) -> Router {
    let mut config = Config::default();
    config.data.folder = portal.folder().to_owned();
    config.server.site = portal.folder().join("site");
    server::router(AppState {
        services: portal.services.clone(),
        leptos: server::leptos_options(&config),
        providers: server::auth::Providers::open(&config).expect("providers"),
        config: Arc::new(config),
        metrics: Arc::new(Metrics::default()),
        trust: TRUST,
        shutdown: CancellationToken::new(),
    })
}

/// One handler that knows its answer.
fn bare(path: &str, content_type: String, body: Vec<u8>) -> Router {
    let (path, body) = (path.split('?').next().unwrap_or(path), Bytes::from(body));
    Router::new().route(
        path,
        get(move || {
            let answer = ([(CONTENT_TYPE, content_type.clone())], body.clone());
            async move { answer }
        }),
    )
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port of loopback");
    let address = listener.local_addr().expect("its number");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
