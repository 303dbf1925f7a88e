//! The portal as a client of issuers: sign-in, its end, and what a signed-in person gets for scripts.

mod api_token;
mod callback;
mod client;
mod refusal;
mod signin;
mod signout;

use axum::Router;
use axum::routing::{get, post};

use crate::state::AppState;

/// Routes of the portal's side.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/signin", get(signin::begin))
        .route("/auth/callback", get(callback::finish))
        .route("/signout", post(signout::end))
        .route("/signed-out", get(signout::ended))
        .route("/account/token", post(api_token::create))
}
