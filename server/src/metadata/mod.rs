//! What command-line clients of the modelled service learn of this server before they know anything else.

mod endpoints;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

/// Routes of this module. Clients that registered the server's address with a slash at its end ask with two.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/metadata/endpoints", get(endpoints::list))
        .route("//metadata/endpoints", get(endpoints::list))
}
