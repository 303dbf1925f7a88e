//! The server's router over a test portal.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use server::auth::Providers;
use server::config::Config;
use server::metrics::Metrics;
use server::state::AppState;
use testkit::TestPortal;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// A server without a port.
pub(crate) struct Server {
    pub(crate) portal: TestPortal,
    pub(crate) router: Router,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// A header's text, empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("a text"))
            .unwrap_or_default()
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::configured(|_| {}).await
    }

    /// A server with a configuration of its own.
    pub(crate) async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        Self::composed(TestPortal::on_sqlite().await, change)
    }

    /// A server over a portal that was there before.
    pub(crate) fn over(portal: TestPortal) -> Self {
        Self::composed(portal, |_| {})
    }

    /// A server over such a portal, with a configuration of its own.
    pub(crate) fn composed(portal: TestPortal, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.data.folder = portal.folder().to_owned();
        config.server.site = portal.folder().join("site");
        change(&mut config);
        let state = AppState {
            services: portal.services.clone(),
            leptos: server::leptos_options(&config),
            providers: Providers::open(&config).expect("providers"),
            config: Arc::new(config),
            metrics: Arc::new(Metrics::default()),
            trust: Duration::from_millis(200),
            shutdown: CancellationToken::new(),
        };
        Self {
            portal,
            router: server::router(state),
        }
    }

    /// Sends a request as from this host.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from("127.0.0.1:40000", request).await
    }

    /// Sends a request as from this address.
    pub(crate) async fn send_from(&self, peer: &str, mut request: Request<Body>) -> Answer {
        let peer: SocketAddr = peer.parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.expect("a body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request"))
            .await
    }
}
