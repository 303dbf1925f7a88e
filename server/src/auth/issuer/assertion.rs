//! Assertions: JWTs by which a program proves who it is, signed by its own certificate's key or by another issuer.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use services::application::{ClientView, ProofKind};
use uuid::Uuid;

use super::error::OAuthError;
use super::federated;
use super::token::Exchange;

/// How far another computer's clock may be off, in seconds.
pub(super) const SKEW: f64 = 300.0;

/// The longest that an assertion may still be good, in seconds. One is used several times, as stock clients do.
const LONGEST_LIFE: f64 = 24.0 * 3600.0;

/// Longest assertion that is looked at.
const LONGEST: usize = 12 << 10;

/// What assertions say. Times may have fractions: stock clients send them so.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct AssertionClaims {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) aud: Audience,
    pub(super) exp: f64,
    pub(super) nbf: Option<f64>,
}

/// One audience or several.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    /// Whether one of them fits.
    pub(super) fn any(&self, fits: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::One(one) => fits(one),
            Self::Several(several) => several.iter().any(|one| fits(one)),
        }
    }
}

/// Believes an assertion, or says why not.
pub(super) async fn verify(
    exchange: &Exchange<'_>,
    client: &ClientView,
    assertion: &str,
) -> Result<(), OAuthError> {
    let malformed = || OAuthError::client(50_027, "The client assertion is not a signed JWT.");
    if assertion.len() > LONGEST {
        return Err(malformed());
    }
    let header = jsonwebtoken::decode_header(assertion).map_err(|_| malformed())?;
    let said: AssertionClaims = unverified(assertion).ok_or_else(malformed)?;
    let own_id = client.app_id.to_string();
    let credential = if said.iss.eq_ignore_ascii_case(&own_id) {
        by_certificate(exchange, client, assertion, &header).await?
    } else {
        federated::verify(exchange, client, assertion, &header, &said).await?
    };
    exchange
        .state
        .services
        .credential_used(credential)
        .await
        .map_err(|error| exchange.internal(error))
}

async fn by_certificate(
    exchange: &Exchange<'_>,
    client: &ClientView,
    assertion: &str,
    header: &Header,
) -> Result<Uuid, OAuthError> {
    let proofs = exchange
        .state
        .services
        .client_proofs(client)
        .await
        .map_err(|error| exchange.internal(error))?;
    let named = proofs.into_iter().find_map(|proof| match proof.kind {
        ProofKind::Certificate(facts)
            if facts.is_named(header.x5t_s256.as_deref(), header.x5t.as_deref()) =>
        {
            Some((proof.id, facts))
        }
        _ => None,
    });
    let Some((credential, facts)) = named else {
        let description = format!(
            "The certificate that the client assertion names is none of application “{}”, or has expired.",
            client.app_id
        );
        return Err(OAuthError::client(700_027, description));
    };
    let key = DecodingKey::from_rsa_raw_components(&facts.n, &facts.e);
    let claims: AssertionClaims = signed(assertion, header, &key)
        .ok_or_else(|| OAuthError::client(700_027, "The client assertion's signature is wrong."))?;
    let own_id = client.app_id.to_string();
    if !claims.iss.eq_ignore_ascii_case(&own_id) || !claims.sub.eq_ignore_ascii_case(&own_id) {
        let description = "The client assertion must name the application as issuer and subject.";
        return Err(OAuthError::client(700_021, description));
    }
    if !claims.aud.any(|audience| is_for_us(exchange, audience)) {
        let description = "The client assertion is for another audience than this token endpoint.";
        return Err(OAuthError::client(700_023, description));
    }
    check_times(exchange, &claims)?;
    Ok(credential)
}

/// Whether the clock allows the assertion.
pub(super) fn check_times(
    exchange: &Exchange<'_>,
    claims: &AssertionClaims,
) -> Result<(), OAuthError> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 fit into the 52 bits of a fraction"
    )]
    let now = exchange.state.services.now().timestamp() as f64;
    let is_good = claims.exp + SKEW > now
        && claims.exp < now + LONGEST_LIFE + SKEW
        && claims.nbf.is_none_or(|nbf| nbf < now + SKEW);
    if is_good {
        Ok(())
    } else {
        let description = "The client assertion is not within its valid time range. Compare the clocks, and let it be good for a day at the most.";
        Err(OAuthError::client(700_024, description))
    }
}

/// Whether an audience is this token endpoint, under one of its names.
fn is_for_us(exchange: &Exchange<'_>, audience: &str) -> bool {
    let Some(rest) = audience
        .strip_prefix(exchange.base())
        .and_then(|rest| rest.strip_prefix('/'))
    else {
        return false;
    };
    let Some((segment, path)) = rest.split_once('/') else {
        return false;
    };
    exchange.authority.is_named(segment)
        && matches!(path, "oauth2/v2.0/token" | "oauth2/token" | "v2.0")
}

/// The claims, believed of nobody yet.
fn unverified<T: DeserializeOwned>(assertion: &str) -> Option<T> {
    let body = assertion.split('.').nth(1)?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(body).ok()?).ok()
}

/// The claims, if this key signed them. Times and audience are for the caller to compare, with reasons of their own.
pub(super) fn signed<T: DeserializeOwned>(
    assertion: &str,
    header: &Header,
    key: &DecodingKey,
) -> Option<T> {
    // Which algorithm is ours to choose: the ones for RSA keys, never one that takes a public key for a password.
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::PS256) {
        return None;
    }
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<T>(assertion, key, &validation)
        .ok()
        .map(|data| data.claims)
}
