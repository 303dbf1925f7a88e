//! Who asks: sign-in through an OpenID Connect issuer, the built-in issuer itself, sessions and bearer tokens.

mod application;
mod bearer;
mod caller;
mod clients;
mod cookie;
mod issuer;
pub(crate) mod page;
mod portal;
mod providers;
mod resource;
mod token;
mod visit;

use axum::Router;

use crate::state::AppState;

pub use providers::Providers;

pub(crate) use caller::{caller_layer, resolve};
pub(crate) use resource::DIRECTORY_PATH;

/// What a form of these routes may hold.
const FORM_BYTES: usize = 16 << 10;

/// Routes of this module.
pub(crate) fn routes() -> Router<AppState> {
    issuer::routes()
        .merge(portal::routes())
        .merge(application::routes())
        .layer(axum::extract::DefaultBodyLimit::max(FORM_BYTES))
}

/// The portal's address without a slash at the end: the root of every issuer's address.
pub(crate) fn base(state: &AppState) -> &str {
    state
        .config
        .server
        .public_url
        .as_str()
        .trim_end_matches('/')
}
