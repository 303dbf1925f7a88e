//! Bearer tokens: a straight line of refusals, and a caller at its end.

use domain::Caller;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use uuid::Uuid;

use super::resource::Resource;
use super::token::{Claims, issuer};
use crate::state::AppState;

/// How far another server's clock may be off, in seconds.
const SKEW: i64 = 60;

/// Longest token that is looked at.
const LONGEST: usize = 8 << 10;

/// Why a token is not believed.
#[derive(Debug, thiserror::Error)]
pub(super) enum BearerRefusal {
    #[error("The access token is not a token of this server.")]
    Malformed,
    #[error("The access token was signed with a key that this server does not know.")]
    UnknownKey,
    #[error("The access token's signature is wrong.")]
    BadSignature,
    #[error("The access token is of another issuer.")]
    WrongIssuer,
    #[error("The access token is for another audience. Ask for one for this server's address.")]
    WrongAudience,
    #[error("The access token has expired.")]
    Expired,
    #[error("The access token is not good yet. Compare the clocks.")]
    NotYet,
    #[error("The access token was taken back.")]
    Revoked,
    #[error("The access token's account can't be used any more.")]
    ShutOut,
    #[error("The access token could not be checked.")]
    Internal(#[source] services::Error),
}

impl From<services::Error> for BearerRefusal {
    fn from(error: services::Error) -> Self {
        match error {
            services::Error::Problem(_) => Self::ShutOut,
            internal @ services::Error::Internal(_) => Self::Internal(internal),
        }
    }
}

/// The caller that a token for this resource stands for.
pub(super) async fn verify(
    state: &AppState,
    token: &str,
    resource: Resource,
) -> Result<Caller, BearerRefusal> {
    let base = super::base(state);
    let claims = decode(state, token).await?;
    if claims.iss != issuer(base, claims.tid) {
        return Err(BearerRefusal::WrongIssuer);
    }
    if !resource.is_audience(base, &claims.aud) {
        return Err(BearerRefusal::WrongAudience);
    }
    let now = state.services.now().timestamp();
    if claims.exp + SKEW <= now {
        return Err(BearerRefusal::Expired);
    }
    if claims.nbf > now + SKEW {
        return Err(BearerRefusal::NotYet);
    }
    if let Some(grant) = claims.sid
        && state.services.grant_is_revoked(grant).await?
    {
        return Err(BearerRefusal::Revoked);
    }
    Ok(state.services.caller_load(claims.oid, claims.tid).await?)
}

/// The claims of a token that one of our keys signed.
async fn decode(state: &AppState, token: &str) -> Result<Claims, BearerRefusal> {
    if token.len() > LONGEST {
        return Err(BearerRefusal::Malformed);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| BearerRefusal::Malformed)?;
    // The algorithm is ours to choose, never the token's.
    if header.alg != Algorithm::RS256 {
        return Err(BearerRefusal::Malformed);
    }
    let key = header
        .kid
        .and_then(|kid| Uuid::parse_str(&kid).ok())
        .ok_or(BearerRefusal::Malformed)?;
    let key = state
        .services
        .signing_key_find(key)
        .await?
        .ok_or(BearerRefusal::UnknownKey)?;
    let key = DecodingKey::from_rsa_raw_components(&key.n, &key.e);
    // Times and audience are compared above, with the clock that tests can set and with a reason of their own each.
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let data =
        jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|error| {
            match error.kind() {
                jsonwebtoken::errors::ErrorKind::InvalidSignature => BearerRefusal::BadSignature,
                _ => BearerRefusal::Malformed,
            }
        })?;
    Ok(data.claims)
}
