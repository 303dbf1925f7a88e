//! What external identity providers tell about themselves, fetched and kept for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::ACCEPT;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{Reach, is_issuer};
use openidconnect::core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use url::Url;

use super::issuer::OutsideKeys;
use crate::config::Config;
use crate::outgoing::{Outgoing, OutgoingError};

/// How long documents are believed.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// How long a failure is remembered: a provider that is down is not asked for each person anew.
const FAILED: TimeDelta = TimeDelta::seconds(5);

/// How soon documents may be fetched again because a token names a key that is not in them. Anybody can make up key
/// names; without this they could make us ask the provider as often as they like.
const AGAIN: TimeDelta = TimeDelta::seconds(10);

/// Most providers that are remembered.
const MOST: usize = 1000;

/// Signatures that are believed: public keys alone. What is signed with a shared secret, or not at all, is not.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Why a provider's documents are not there.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(crate) struct DirectoryError(pub(super) String);

impl From<OutgoingError> for DirectoryError {
    fn from(error: OutgoingError) -> Self {
        Self(error.to_string())
    }
}

/// Where a provider's documents are, and which issuer they must name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The address before `/.well-known/openid-configuration`.
    pub(super) address: String,
    /// The issuer; at a shared one with `{tenantid}` in it.
    pub(super) issuer: String,
}

/// What a provider tells about itself.
#[derive(Debug)]
pub(super) struct About {
    /// Its endpoints and keys.
    pub(super) metadata: CoreProviderMetadata,
    /// Where people sign out there.
    pub(super) end_session: Option<Url>,
}

/// The operator's issuer for many organisations.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Shared {
    /// Name on the button of the sign-in page.
    pub(crate) name: String,
    /// The issuer with `{tenantid}` in it.
    pub(crate) issuer: String,
    /// Our id there.
    pub(crate) client_id: String,
    /// Our secret there.
    pub(crate) client_secret: Option<String>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl Shared {
    /// Where its documents for all organisations are.
    pub(super) fn place(&self) -> Place {
        Place {
            address: self.issuer.replace("{tenantid}", "organizations"),
            issuer: self.issuer.clone(),
        }
    }
}

#[derive(Debug, Clone)]
struct Known {
    at: DateTime<Utc>,
    outcome: Result<Arc<About>, DirectoryError>,
}

/// External identity providers, as far as this process knows them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Providers {
    outgoing: Outgoing,
    reach: Reach,
    shared: Option<Arc<Shared>>,
    known: Arc<Mutex<HashMap<String, Known>>>,
    /// Keys of issuers whose tokens prove applications.
    pub(super) outside_keys: OutsideKeys,
}

impl Providers {
    /// Made from what the operator configured; asks nobody yet.
    ///
    /// # Errors
    /// When the secret's file can't be read or TLS can't be set up, with a sentence for the operator.
    pub fn open(config: &Config) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let reach = config.identity.provider_reach;
        Ok(Self {
            outgoing: Outgoing::new(reach)?,
            reach,
            shared: shared(config)?.map(Arc::new),
            known: Arc::default(),
            outside_keys: OutsideKeys::default(),
        })
    }

    /// The operator's issuer for many organisations.
    pub(crate) fn shared(&self) -> Option<&Shared> {
        self.shared.as_deref()
    }

    /// Sends a request to a provider.
    pub(crate) async fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, OutgoingError> {
        self.outgoing.send(request).await
    }

    /// The documents of a provider, fetched when those that are known have grown old.
    pub(super) async fn about(
        &self,
        place: &Place,
        now: DateTime<Utc>,
    ) -> Result<Arc<About>, DirectoryError> {
        if let Some(known) = self.known(place) {
            let keep = if known.outcome.is_ok() { FRESH } else { FAILED };
            if known.at + keep > now {
                return known.outcome;
            }
        }
        self.fetch(place, now).await
    }

    /// The documents fetched anew, because a token names a key that is not in them; nothing when that was just done.
    pub(super) async fn renewed(
        &self,
        place: &Place,
        now: DateTime<Utc>,
    ) -> Option<Result<Arc<About>, DirectoryError>> {
        let is_recent = self
            .known(place)
            .is_some_and(|known| known.at + AGAIN > now);
        if is_recent {
            None
        } else {
            Some(self.fetch(place, now).await)
        }
    }

    fn known(&self, place: &Place) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&place.address).cloned()
    }

    async fn fetch(&self, place: &Place, now: DateTime<Utc>) -> Result<Arc<About>, DirectoryError> {
        let outcome = self.read(place).await.map(Arc::new);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        let held = Known {
            at: now,
            outcome: outcome.clone(),
        };
        known.insert(place.address.clone(), held);
        outcome
    }

    async fn read(&self, place: &Place) -> Result<About, DirectoryError> {
        let address = format!(
            "{}/.well-known/openid-configuration",
            place.address.trim_end_matches('/')
        );
        let document = self.document(&address).await?;
        let unreadable = |what: &str, error: serde_json::Error| {
            DirectoryError(format!("{address} holds no {what}: {error}"))
        };
        let metadata: CoreProviderMetadata = serde_json::from_slice(&document)
            .map_err(|error| unreadable("provider document", error))?;
        if metadata.issuer().as_str() != place.issuer {
            let told = metadata.issuer().as_str();
            return Err(DirectoryError(format!(
                "{address} speaks for the issuer {told}, not for {}",
                place.issuer
            )));
        }
        let token = metadata.token_endpoint().map(|url| url.url().clone());
        let endpoints = [
            Some(metadata.authorization_endpoint().url().clone()),
            token.clone(),
            Some(metadata.jwks_uri().url().clone()),
        ];
        if token.is_none() {
            return Err(DirectoryError(format!("{address} names no token endpoint")));
        }
        if let Some(bad) = endpoints.iter().flatten().find(|url| !self.is_fit(url)) {
            return Err(DirectoryError(format!(
                "{address} names {bad}, which is not HTTPS"
            )));
        }
        let more: serde_json::Value =
            serde_json::from_slice(&document).map_err(|error| unreadable("JSON", error))?;
        let end_session = more["end_session_endpoint"]
            .as_str()
            .and_then(|text| Url::parse(text).ok())
            .filter(|url| self.is_fit(url));
        let keys = self.document(metadata.jwks_uri().as_str()).await?;
        let keys: CoreJsonWebKeySet =
            serde_json::from_slice(&keys).map_err(|error| unreadable("readable key set", error))?;
        let algorithms = metadata
            .id_token_signing_alg_values_supported()
            .iter()
            .filter(|algorithm| ALGORITHMS.contains(algorithm))
            .cloned()
            .collect();
        Ok(About {
            metadata: metadata
                .set_jwks(keys)
                .set_id_token_signing_alg_values_supported(algorithms),
            end_session,
        })
    }

    /// Whether a browser, or we, may be sent there: the rule of issuers, but a query is allowed.
    fn is_fit(&self, url: &Url) -> bool {
        let mut plain = url.clone();
        plain.set_query(None);
        is_issuer(plain.as_str(), self.reach)
    }

    /// The body of a document.
    pub(crate) async fn document(&self, address: &str) -> Result<Vec<u8>, DirectoryError> {
        let request = Request::get(address)
            .header(
                ACCEPT,
                HeaderValue::from_static("application/json, text/plain"),
            )
            .body(Vec::new())
            .map_err(|error| DirectoryError(format!("{address}: {error}")))?;
        let answer = self.outgoing.send(request).await?;
        if answer.status() != StatusCode::OK {
            return Err(DirectoryError(format!(
                "{address} answered {}",
                answer.status()
            )));
        }
        Ok(answer.into_body())
    }
}

fn shared(config: &Config) -> Result<Option<Shared>, String> {
    let section = &config.identity.multi_tenant;
    if section.issuer.is_empty() {
        return Ok(None);
    }
    let client_secret = if section.client_secret_file.as_os_str().is_empty() {
        None
    } else {
        let file = config.in_data(&section.client_secret_file);
        let text = std::fs::read_to_string(&file).map_err(|error| {
            format!(
                "the file {} can't be read: {error}; change identity.multi_tenant.client_secret_file",
                file.display()
            )
        })?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    Ok(Some(Shared {
        name: section.name.clone(),
        issuer: section.issuer.clone(),
        client_id: section.client_id.clone(),
        client_secret,
    }))
}
