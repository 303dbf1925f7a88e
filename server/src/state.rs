//! What every handler can reach.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use services::Services;
use tokio_util::sync::CancellationToken;

use crate::auth::Providers;
use crate::config::Config;
use crate::metrics::Metrics;

/// How long event streams and consoles trust their callers where no test asks for less.
pub const TRUST: Duration = Duration::from_secs(30);

/// The parts of a running portal. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    /// All use cases.
    pub services: Services,
    /// What the operator configured.
    pub config: Arc<Config>,
    /// Where the front end's files are and what they are called.
    pub leptos: LeptosOptions,
    /// External identity providers, as far as this process knows them.
    pub providers: Providers,
    /// Counters of this process.
    pub metrics: Arc<Metrics>,
    /// How long a connection that outlives its request trusts that its caller is still signed in and still may look.
    pub trust: Duration,
    /// Cancelled when the server begins to stop: streams that would never end, end then.
    pub shutdown: CancellationToken,
}

impl FromRef<AppState> for Services {
    fn from_ref(state: &AppState) -> Self {
        state.services.clone()
    }
}

impl FromRef<AppState> for Arc<Config> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.config)
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for Arc<Metrics> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.metrics)
    }
}
