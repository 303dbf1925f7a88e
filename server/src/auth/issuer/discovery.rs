//! What the issuer tells about itself: where its endpoints are, and which keys verify its tokens.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::authority::Authority;
use super::error::OAuthError;
use crate::auth::base;
use crate::middleware::RequestId;
use crate::state::AppState;

/// The OpenID Connect discovery document.
pub(super) async fn configuration(
    State(state): State<AppState>,
    authority: Authority,
) -> Json<Value> {
    let base = base(&state);
    let root = format!("{base}/{}", authority.segment());
    // Where any tenant may sign in, the tokens' issuer depends on the account; the name in braces stands for it.
    let issuer_tenant = authority
        .tenant()
        .map_or_else(|| "{tenantid}".to_owned(), |id| id.to_string());
    Json(json!({
        "issuer": format!("{base}/{issuer_tenant}/v2.0"),
        "authorization_endpoint": authority.endpoint(base, "authorize"),
        "token_endpoint": authority.endpoint(base, "token"),
        "device_authorization_endpoint": authority.endpoint(base, "devicecode"),
        "jwks_uri": format!("{root}/discovery/v2.0/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": [
            "authorization_code",
            "client_credentials",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt", "none"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["iss", "aud", "sub", "oid", "tid", "name", "preferred_username", "nonce", "sid", "iat", "nbf", "exp", "ver"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

/// The JSON Web Key Set. The keys are the same for every tenant.
pub(super) async fn keys(
    State(state): State<AppState>,
    _authority: Authority,
    request_id: RequestId,
) -> Response {
    let keys = match state.services.signing_key_list().await {
        Ok(keys) => keys,
        Err(error) => {
            return OAuthError::internal(error, &request_id.0).respond(&state, &request_id.0);
        }
    };
    let number = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let keys: Vec<Value> = keys
        .iter()
        .map(|key| json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": key.id, "n": number(&key.n), "e": number(&key.e) }))
        .collect();
    Json(json!({ "keys": keys })).into_response()
}
