//! One span and one line of log for each request, and its share in the metrics.
//!
//! Neither holds the query or the body: they may carry what people typed.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::RequestId;
use crate::state::AppState;

/// Runs the request in a span, then notes how it went.
pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    // Without a route of its own a path is anybody's invention: it must not make a series of its own.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str)
        .to_owned();
    let request_id = RequestId::of(request.extensions()).0;
    let span = tracing::info_span!("request", request.id = request_id, http.method = %method, http.route = route);
    let start = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let took = start.elapsed();
    state
        .metrics
        .request(method.as_str(), &route, response.status().as_u16(), took);
    span.in_scope(|| note(response.status(), took));
    response
}

fn note(status: StatusCode, took: Duration) {
    let (code, milliseconds) = (status.as_u16(), took.as_secs_f64() * 1000.0);
    let took = format_args!("{milliseconds:.1}");
    if status.is_server_error() {
        tracing::warn!(http.status = code, duration_ms = %took, "answered");
    } else {
        tracing::info!(http.status = code, duration_ms = %took, "answered");
    }
}
