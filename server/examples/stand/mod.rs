//! What the benches of the server stand on: the whole product on loopback, clients that ask it, and medians.

pub(crate) mod load;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use server::config::Config;
use server::metrics::Metrics;
use server::state::{AppState, TRUST};
use testkit::TestPortal;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use load::Client;

/// How often both sides are asked, after one round that warms them up.
const ROUNDS: usize = 7;

/// The server as `vitrine serve` composes it, listeners and job workers aside.
pub(crate) fn product(portal: &TestPortal) -> Router {
    let mut config = Config::default();
    config.data.folder = portal.folder().to_owned();
    config.server.site = portal.folder().join("site");
    // A bench asks more than anybody may.
    config.requests.reads_per_minute = 0;
    config.requests.writes_per_minute = 0;
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

/// Serves without TLS on a port of loopback.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port of loopback");
    let address = listener.local_addr().expect("its number");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Answers per second of ours and of the bare handler, asked in turn: the medians.
pub(crate) async fn rates(
    client: &Client,
    bytes: usize,
    ours: SocketAddr,
    bare: SocketAddr,
) -> (f64, f64) {
    let mut rates = (Vec::new(), Vec::new());
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
    (median(rates.0), median(rates.1))
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
