//! The portal's OpenID Connect client.

use axum::body::{Body, to_bytes};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, Client, ClientId, DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdTokenFields, IssuerUrl, RedirectUrl,
    StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use tower::ServiceExt;
use uuid::Uuid;

use crate::auth::{base, clients, issuer};
use crate::state::AppState;

/// Largest answer of an issuer that is read.
const ANSWER_BYTES: usize = 1 << 20;

/// What id tokens tell besides the standard's own claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IssuerClaims {
    /// The tenant.
    pub(super) tid: Option<Uuid>,
    /// What the tokens were given for.
    pub(super) sid: Option<Uuid>,
}

impl AdditionalClaims for IssuerClaims {}

type TokenFields = IdTokenFields<
    IssuerClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// The portal's client of one issuer.
pub(super) type PortalClient = Client<
    IssuerClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<TokenFields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why an issuer was not reached.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("{0} is not an address of this server")]
    Foreign(String),
    #[error("the answer could not be read: {0}")]
    Body(#[from] axum::Error),
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    #[error(transparent)]
    Discovery(#[from] DiscoveryError<HttpError>),
    #[error("an address can't be read: {0}")]
    Address(#[from] url::ParseError),
}

/// Sends a request of the client to the built-in issuer, in this process: the portal need not trust its own
/// certificate, nor be reachable from itself.
pub(super) async fn send(state: AppState, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let address = request.uri().to_string();
    let path = address
        .strip_prefix(base(&state))
        .filter(|path| path.starts_with('/'));
    let path = path.ok_or_else(|| HttpError::Foreign(address.clone()))?;
    let (mut parts, body) = request.into_parts();
    parts.uri = path
        .parse()
        .map_err(|_| HttpError::Foreign(address.clone()))?;
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

/// The client of an issuer, made from what the issuer tells about itself now; so a new key is known at once.
pub(super) async fn discover(state: &AppState, issuer: &str) -> Result<PortalClient, ClientError> {
    let http = |request| send(state.clone(), request);
    let metadata =
        CoreProviderMetadata::discover_async(IssuerUrl::new(issuer.to_owned())?, &http).await?;
    let callback = RedirectUrl::new(clients::portal_callback(base(state)))?;
    let client = PortalClient::from_provider_metadata(
        metadata,
        ClientId::new(clients::PORTAL.to_owned()),
        None,
    );
    Ok(client.set_redirect_uri(callback))
}
