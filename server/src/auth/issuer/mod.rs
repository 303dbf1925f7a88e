//! The built-in issuer: an OpenID Connect provider for local accounts, one address a tenant.
//!
//! Paths and answers are those of the modelled identity service, so that its stock clients find what they know.

mod authority;
mod authorize;
mod discovery;
mod request;
mod token;

use axum::Router;
use axum::routing::{get, post};

use crate::state::AppState;

/// Routes of the issuer.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            get(discovery::configuration),
        )
        .route("/{tenant}/discovery/v2.0/keys", get(discovery::keys))
        .route(
            "/{tenant}/oauth2/v2.0/authorize",
            get(authorize::ask).post(authorize::answer),
        )
        .route("/{tenant}/oauth2/v2.0/token", post(token::token))
}
