//! Assertions of another issuer: whoever runs there proves an application without a secret of ours.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Header};
use serde::Deserialize;
use serde_json::Value;
use services::application::{ClientView, ProofKind};
use uuid::Uuid;

use super::assertion::{AssertionClaims, check_times, signed};
use super::error::OAuthError;
use super::token::Exchange;
use crate::auth::providers::{DirectoryError, Providers};

/// How long keys are believed.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// How soon an issuer is asked again, for a key that is not there or because it did not answer.
const AGAIN: TimeDelta = TimeDelta::seconds(30);

/// Most issuers in memory.
const MOST: usize = 1000;

/// Keys of outside issuers, once fetched.
#[derive(Debug, Clone, Default)]
pub(crate) struct OutsideKeys(Arc<Mutex<HashMap<String, Known>>>);

#[derive(Debug, Clone)]
struct Known {
    at: DateTime<Utc>,
    keys: Arc<Result<Vec<Jwk>, DirectoryError>>,
}

/// What is read of an issuer's discovery document.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// Believes a token of an issuer that the application trusts, or says why not.
pub(super) async fn verify(
    exchange: &Exchange<'_>,
    client: &ClientView,
    assertion: &str,
    header: &Header,
    said: &AssertionClaims,
) -> Result<Uuid, OAuthError> {
    let credential = trusted(exchange, client, said).await?;
    let key = key(exchange, &said.iss, header.kid.as_deref()).await?;
    let wrong = || OAuthError::client(700_027, "The client assertion's signature is wrong.");
    let key = DecodingKey::from_jwk(&key).map_err(|_| wrong())?;
    let claims: AssertionClaims = signed(assertion, header, &key).ok_or_else(wrong)?;
    check_times(exchange, &claims)?;
    Ok(credential)
}

/// The credential whose issuer, subject and audience the assertion names. Who signed it is not known yet.
async fn trusted(
    exchange: &Exchange<'_>,
    client: &ClientView,
    said: &AssertionClaims,
) -> Result<Uuid, OAuthError> {
    let proofs = exchange
        .state
        .services
        .client_proofs(client)
        .await
        .map_err(|error| exchange.internal(error))?;
    let mut closest = (700_211, "issuer");
    for proof in proofs {
        let ProofKind::Federated(trust) = proof.kind else {
            continue;
        };
        if trust.issuer != said.iss {
            continue;
        }
        if trust.subject != said.sub {
            closest = (700_213, "subject");
        } else if said.aud.any(|audience| audience == trust.audience) {
            return Ok(proof.id);
        } else {
            closest = (700_212, "audience");
        }
    }
    let (number, what) = closest;
    let description = format!(
        "Application “{}” trusts no tokens of the {what} that this assertion presents.",
        client.app_id
    );
    Err(OAuthError::client(number, description))
}

/// The issuer's key of this name; one that is not known yet may be new, so that the issuer is asked again.
async fn key(exchange: &Exchange<'_>, issuer: &str, kid: Option<&str>) -> Result<Jwk, OAuthError> {
    let providers = &exchange.state.providers;
    let now = exchange.state.services.now();
    let mut known = providers.outside_keys.held(issuer);
    let is_stale = |known: &Known| {
        let keep = if known.keys.is_ok() { FRESH } else { AGAIN };
        known.at + keep <= now
    };
    if known.as_ref().is_none_or(is_stale) {
        known = Some(fetch(providers, issuer, now).await);
    }
    let find = |known: &Known| {
        let keys = known.keys.as_ref().as_ref().ok()?;
        keys.iter()
            .find(|key| kid.is_none() || key.common.key_id.as_deref() == kid)
            .cloned()
    };
    let mut found = known.as_ref().and_then(find);
    if found.is_none() && known.as_ref().is_some_and(|known| known.at + AGAIN <= now) {
        known = Some(fetch(providers, issuer, now).await);
        found = known.as_ref().and_then(find);
    }
    found.ok_or_else(|| {
        if let Some(Err(error)) = known.as_ref().map(|known| known.keys.as_ref()) {
            tracing::warn!(
                request.id = exchange.visit.request_id,
                oauth.issuer = issuer,
                "the keys of an outside issuer were not read: {error}"
            );
        }
        let description =
            "The issuer of the client assertion can't be asked for its keys, or has none of that name.";
        OAuthError::client(700_027, description)
    })
}

async fn fetch(providers: &Providers, issuer: &str, now: DateTime<Utc>) -> Known {
    let known = Known {
        at: now,
        keys: Arc::new(read(providers, issuer).await),
    };
    providers.outside_keys.hold(issuer, known.clone());
    known
}

async fn read(providers: &Providers, issuer: &str) -> Result<Vec<Jwk>, DirectoryError> {
    let address = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    let unreadable = |address: &str, error: serde_json::Error| {
        DirectoryError(format!("{address} can't be read: {error}"))
    };
    let document = providers.document(&address).await?;
    let told: Discovery =
        serde_json::from_slice(&document).map_err(|error| unreadable(&address, error))?;
    if told.issuer != issuer {
        return Err(DirectoryError(format!(
            "{address} speaks for {}, not for {issuer}",
            told.issuer
        )));
    }
    let keys = providers.document(&told.jwks_uri).await?;
    let keys: Value =
        serde_json::from_slice(&keys).map_err(|error| unreadable(&told.jwks_uri, error))?;
    let keys = keys["keys"].as_array().cloned().unwrap_or_default();
    // Keys of kinds that are not known here do no harm to the others.
    Ok(keys
        .into_iter()
        .filter_map(|key| serde_json::from_value(key).ok())
        .collect())
}

impl OutsideKeys {
    fn held(&self, issuer: &str) -> Option<Known> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(issuer).cloned()
    }

    fn hold(&self, issuer: &str, new: Known) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(issuer.to_owned(), new);
    }
}
