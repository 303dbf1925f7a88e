use tokio_util::sync::CancellationToken;

use crate::Services;

impl Services {
    /// Runs workers and reconcilers until the token is cancelled; then finishes or hands back what runs.
    pub async fn run_workers(&self, shutdown: CancellationToken) { todo!() }
}
