//! The token endpoint: what a program holds is exchanged for tokens.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use services::identity::Visit;

use super::authority::Authority;
use super::error::OAuthError;
use super::{device, person, program};
use crate::auth::base;
use crate::auth::resource::Asked;
use crate::auth::visit::Visitor;
use crate::state::AppState;

/// What a client sends; what it sends besides is ignored.
#[derive(Deserialize, Default)]
pub(super) struct Request {
    pub(super) grant_type: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<String>,
    pub(super) client_assertion: Option<String>,
    pub(super) client_assertion_type: Option<String>,
    pub(super) code: Option<String>,
    pub(super) redirect_uri: Option<String>,
    pub(super) code_verifier: Option<String>,
    pub(super) device_code: Option<String>,
    pub(super) refresh_token: Option<String>,
    pub(super) scope: Option<String>,
    /// What the first version of the protocol calls the audience.
    pub(super) resource: Option<String>,
}

impl Request {
    /// What a token is asked for, if the request says so.
    pub(super) fn asked(&self, base: &str) -> Option<Asked> {
        match (&self.scope, &self.resource) {
            (Some(scope), _) => Some(Asked::of(base, scope)),
            (None, Some(resource)) => Some(Asked::of(base, &format!("{resource}/.default"))),
            (None, None) => None,
        }
    }
}

/// Everything that a grant looks at.
pub(super) struct Exchange<'a> {
    pub(super) state: &'a AppState,
    pub(super) authority: &'a Authority,
    pub(super) visit: &'a Visit,
    pub(super) request: Request,
}

impl Exchange<'_> {
    /// The portal's address.
    pub(super) fn base(&self) -> &str {
        base(self.state)
    }

    /// A failure of ours.
    pub(super) fn internal(&self, error: services::Error) -> OAuthError {
        OAuthError::internal(error, &self.visit.request_id)
    }
}

/// Exchanges what a client holds for tokens.
pub(super) async fn token(
    State(state): State<AppState>,
    authority: Authority,
    Visitor(visit): Visitor,
    headers: HeaderMap,
    form: Result<Form<Request>, FormRejection>,
) -> Response {
    let outcome = async {
        state
            .services
            .attempt_check(&visit)
            .map_err(|error| OAuthError::internal(error, &visit.request_id))?;
        let Form(request) = form.map_err(|_| {
            let description = "The request is not a form of the fields that are known.";
            OAuthError::bad("invalid_request", 900_144, description)
        })?;
        let exchange = Exchange {
            state: &state,
            authority: &authority,
            visit: &visit,
            request: program::with_basic(request, &headers),
        };
        match exchange.request.grant_type.as_deref() {
            Some("client_credentials") => program::issue(&exchange).await,
            Some("authorization_code") => person::by_code(&exchange).await,
            Some("refresh_token") => person::by_refresh_token(&exchange).await,
            Some("urn:ietf:params:oauth:grant-type:device_code" | "device_code") => {
                device::finish(&exchange).await
            }
            Some("password") => {
                let description = "Passwords are typed into the sign-in page alone: use the browser or a device code.";
                Err(OAuthError::bad(
                    "unsupported_grant_type",
                    70_003,
                    description,
                ))
            }
            Some(_) => {
                let description = "This grant_type is not supported.";
                Err(OAuthError::bad(
                    "unsupported_grant_type",
                    70_003,
                    description,
                ))
            }
            None => Err(OAuthError::missing("grant_type")),
        }
    };
    match outcome.await {
        Ok(response) => response,
        Err(error) => {
            if error.error != "authorization_pending" {
                tracing::info!(
                    request.id = visit.request_id,
                    client.address = visit.address,
                    oauth.error = error.error,
                    "a token was refused: {}",
                    error.description
                );
            }
            error.respond(&state, &visit.request_id)
        }
    }
}
