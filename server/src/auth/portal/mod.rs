//! The portal as a client of issuers: sign-in, its end, and what a signed-in person gets for scripts.

mod api_token;
mod callback;
mod claims;
mod client;
mod directory;
mod inside;
mod invitation;
mod organisation;
mod recovery;
mod refusal;
mod signin;
mod signout;

use app::features::account::factor::NEW_CODES;
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
        .route(
            "/invitation",
            get(invitation::show).post(invitation::follow),
        )
        .route("/admin/invitations", post(invitation::create))
        .route("/account/organisation", post(organisation::switch))
        .route("/account/token", post(api_token::create))
        .route(NEW_CODES, post(recovery::create))
        .route("/admin/providers/{id}/test", post(directory::try_out))
        .route("/admin/domains/{id}/prove", post(directory::prove))
}
