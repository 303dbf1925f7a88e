//! `/metrics` for Prometheus: requests as this process saw them, and what database and disks hold now.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use subtle::ConstantTimeEq;

use crate::host;
use crate::state::AppState;

const SECONDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: String,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DiskLabels {
    place: Place,
    region: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
enum Place {
    Data,
    Store,
}

/// Counters of this process.
#[derive(Debug)]
pub struct Metrics {
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(SECONDS)),
        }
    }
}

impl Metrics {
    /// Notes one request. `route` is the pattern, never the path itself: the number of series stays small.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let (method, route) = (method.to_owned(), route.to_owned());
        let labels = RouteLabels {
            method: method.clone(),
            route: route.clone(),
        };
        self.durations
            .get_or_create(&labels)
            .observe(took.as_secs_f64());
        self.requests
            .get_or_create(&RequestLabels {
                method,
                route,
                status,
            })
            .inc();
    }
}

/// Routes of this module.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/metrics", get(show))
}

async fn show(
    State(state): State<AppState>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let peer = peer.map(|axum::Extension(ConnectInfo(address))| address.ip());
    if !is_allowed(peer, &headers, &state.config.server.metrics_token) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match text(&state).await {
        Ok(text) => (
            [(
                CONTENT_TYPE,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            )],
            text,
        )
            .into_response(),
        Err(error) => {
            tracing::error!(error = %error, "metrics could not be collected");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Who shows the token may look from anywhere; without a configured token, this host alone may.
fn is_allowed(peer: Option<IpAddr>, headers: &HeaderMap, token: &str) -> bool {
    if token.is_empty() {
        // A proxy on this host speaks for others: what it forwards is not from here.
        let is_forwarded =
            headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
        return !is_forwarded && peer.is_some_and(|address| address.to_canonical().is_loopback());
    }
    let shown = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let shown = shown
        .and_then(|text| text.strip_prefix("Bearer "))
        .unwrap_or_default();
    bool::from(shown.as_bytes().ct_eq(token.as_bytes()))
}

async fn text(state: &AppState) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let mut registry = Registry::with_prefix("vitrine");
    let metrics = &state.metrics;
    registry.register(
        "http_requests",
        "Requests answered",
        metrics.requests.clone(),
    );
    registry.register_with_unit(
        "http_request_duration",
        "Time until the answer began",
        Unit::Seconds,
        metrics.durations.clone(),
    );
    let counts = state.services.store().counts().await?;
    for (name, help, rows) in [
        ("jobs", "Jobs by state", counts.jobs),
        ("machines", "Machines by state", counts.machines),
        (
            "replicas",
            "Copies of image versions by state",
            counts.replicas,
        ),
    ] {
        let family = Family::<StateLabels, Gauge>::default();
        for (state, count) in rows {
            family.get_or_create(&StateLabels { state }).set(count);
        }
        registry.register(name, help, family);
    }
    registry.register_with_unit(
        "disk_free",
        "Bytes that can still be written",
        Unit::Bytes,
        disks(state),
    );
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

fn disks(state: &AppState) -> Family<DiskLabels, Gauge<f64, AtomicU64>> {
    let config = &state.config;
    let data = (Place::Data, String::new(), config.data.folder.clone());
    let stores = config.stores().into_iter();
    let stores = stores.map(|store| (Place::Store, store.region, store.path));
    let family = Family::<DiskLabels, Gauge<f64, AtomicU64>>::default();
    for (place, region, folder) in std::iter::once(data).chain(stores) {
        if let Ok(free) = host::free_bytes(&folder) {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a gauge is a floating-point number"
            )]
            family
                .get_or_create(&DiskLabels { place, region })
                .set(free as f64);
        }
    }
    family
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn bearer(token: &str) -> HeaderMap {
        HeaderMap::from_iter([(
            AUTHORIZATION,
            HeaderValue::from_str(&format!("Bearer {token}")).expect("a header"),
        )])
    }

    #[test]
    fn without_a_token_only_this_host_may_look() {
        let none = HeaderMap::new();
        assert!(is_allowed("127.0.0.1".parse().ok(), &none, ""));
        assert!(is_allowed("::ffff:127.0.0.1".parse().ok(), &none, ""));
        assert!(!is_allowed("192.0.2.7".parse().ok(), &none, ""));
        assert!(!is_allowed(None, &none, ""));
        let forwarded = HeaderMap::from_iter([(
            "x-forwarded-for".parse().expect("a name"),
            HeaderValue::from_static("192.0.2.7"),
        )]);
        assert!(!is_allowed("127.0.0.1".parse().ok(), &forwarded, ""));
    }

    #[test]
    fn with_a_token_everybody_must_show_it() {
        let token = "0123456789abcdef0123456789abcdef";
        assert!(is_allowed("192.0.2.7".parse().ok(), &bearer(token), token));
        assert!(!is_allowed(
            "127.0.0.1".parse().ok(),
            &HeaderMap::new(),
            token
        ));
        assert!(!is_allowed(
            "127.0.0.1".parse().ok(),
            &bearer("wrong"),
            token
        ));
    }
}
