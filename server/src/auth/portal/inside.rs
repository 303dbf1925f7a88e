//! Requests to the built-in issuer, in this process.

use axum::body::{Body, to_bytes};
use openidconnect::{HttpRequest, HttpResponse};
use tower::ServiceExt;

use crate::auth::{base, issuer};
use crate::state::AppState;

/// Largest answer of the issuer that is read.
const ANSWER_BYTES: usize = 1 << 20;

/// Why the built-in issuer did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum InsideError {
    #[error("{0} is not an address of this server")]
    Foreign(String),
    #[error("the answer could not be read: {0}")]
    Body(#[from] axum::Error),
}

/// Sends a request of the client to the built-in issuer, in this process: the portal need not trust its own
/// certificate, nor be reachable from itself.
pub(super) async fn send(
    state: AppState,
    request: HttpRequest,
) -> Result<HttpResponse, InsideError> {
    let address = request.uri().to_string();
    let path = address
        .strip_prefix(base(&state))
        .filter(|path| path.starts_with('/'));
    let path = path.ok_or_else(|| InsideError::Foreign(address.clone()))?;
    let (mut parts, body) = request.into_parts();
    parts.uri = path
        .parse()
        .map_err(|_| InsideError::Foreign(address.clone()))?;
    let issuer = issuer::routes().with_state(state);
    let response = match issuer
        .oneshot(axum::extract::Request::from_parts(parts, Body::from(body)))
        .await
    {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_BYTES).await?;
    Ok(HttpResponse::from_parts(parts, body.to_vec()))
}
