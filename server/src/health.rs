//! `/healthz`: the process answers. `/readyz`: and so does everything that it needs.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::time::timeout;

use crate::state::AppState;

/// A part that takes longer is not ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether requests can be served, part by part. Says nothing of why: the log and `vitrine doctor` do.
#[derive(Debug, Serialize)]
struct Ready {
    ready: bool,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    name: String,
    ready: bool,
}

/// Routes of this module.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
}

async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Ready>) {
    let services = &state.services;
    let database = matches!(timeout(PATIENCE, services.store().ping()).await, Ok(Ok(())));
    let engine = matches!(
        timeout(PATIENCE, services.engine().hypervisor().host()).await,
        Ok(Ok(_))
    );
    let mut parts = vec![
        Part {
            name: "database".to_owned(),
            ready: database,
        },
        Part {
            name: "engine".to_owned(),
            ready: engine,
        },
    ];
    for store in state.config.stores() {
        let facts = tokio::fs::metadata(&store.path).await;
        parts.push(Part {
            name: format!("store:{}", store.region),
            ready: facts.is_ok_and(|facts| facts.is_dir()),
        });
    }
    let ready = parts.iter().all(|part| part.ready);
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(Ready { ready, parts }))
}
