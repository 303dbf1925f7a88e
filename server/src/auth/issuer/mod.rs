//! The built-in issuer: an OpenID Connect provider for local accounts, one address a tenant.
//!
//! Paths and answers are those of the modelled identity service, so that its stock clients find what they know.

mod agree;
mod assertion;
mod authority;
mod authorize;
mod device;
mod discovery;
mod error;
mod federated;
mod form_post;
mod person;
mod program;
mod request;
mod second;
mod token;

use axum::Router;
use axum::routing::{get, post};

use crate::state::AppState;

pub(super) use federated::OutsideKeys;

/// Routes of the issuer. Each endpoint has a second address without the version, as older clients ask for.
pub(super) fn routes() -> Router<AppState> {
    let mut routes = Router::new();
    for version in ["", "/v2.0"] {
        routes = routes
            .route(
                &format!("/{{tenant}}{version}/.well-known/openid-configuration"),
                get(discovery::configuration),
            )
            .route(
                &format!("/{{tenant}}/discovery{version}/keys"),
                get(discovery::keys),
            )
            .route(
                &format!("/{{tenant}}/oauth2{version}/authorize"),
                get(authorize::ask).post(authorize::answer),
            )
            .route(
                &format!("/{{tenant}}{version}/adminconsent"),
                get(authorize::ask).post(authorize::answer),
            )
            .route(
                &format!("/{{tenant}}/oauth2{version}/devicecode"),
                post(device::begin),
            )
            .route(
                &format!("/{{tenant}}/oauth2{version}/token"),
                post(token::token),
            );
    }
    routes
}
