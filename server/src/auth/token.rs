//! Signed tokens of the built-in issuer.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::Caller;
use serde::{Deserialize, Serialize};
use serde_json::json;
use services::application::Program;
use services::{Error, Services};
use uuid::Uuid;

/// How long tokens are good, in seconds. Clients of the modelled service expect this very number.
pub(super) const LIFE: i64 = 3599;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: Uuid,
    /// The principal.
    pub(super) oid: Uuid,
    /// The tenant.
    pub(super) tid: Uuid,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<String>,
    /// What the token was given for: a code that comes twice takes back everything under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<Uuid>,
    /// What an access token may be used for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scp: Option<String>,
    /// The client that the token was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) azp: Option<String>,
    /// `app` where a program acts for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) idtyp: Option<String>,
    pub(super) iat: i64,
    pub(super) nbf: i64,
    pub(super) exp: i64,
    pub(super) ver: String,
}

impl Claims {
    /// What every token says of a caller.
    pub(super) fn new(base: &str, audience: &str, caller: &Caller, now: DateTime<Utc>) -> Self {
        Self {
            iss: issuer(base, caller.tenant),
            aud: audience.to_owned(),
            sub: caller.principal,
            oid: caller.principal,
            tid: caller.tenant,
            name: caller.display_name.clone(),
            preferred_username: Some(caller.user_name.clone()),
            nonce: None,
            sid: None,
            scp: None,
            azp: None,
            idtyp: None,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + TimeDelta::seconds(LIFE)).timestamp(),
            ver: "2.0".to_owned(),
        }
    }
}

impl Claims {
    /// What a token says of a program that acts for itself.
    pub(super) fn of_program(
        base: &str,
        audience: &str,
        tenant: Uuid,
        app_id: Uuid,
        program: &Program,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            iss: issuer(base, tenant),
            aud: audience.to_owned(),
            sub: program.principal,
            oid: program.principal,
            tid: tenant,
            name: program.display_name.clone(),
            preferred_username: None,
            nonce: None,
            sid: None,
            scp: None,
            azp: Some(app_id.to_string()),
            idtyp: Some("app".to_owned()),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + TimeDelta::seconds(LIFE)).timestamp(),
            ver: "2.0".to_owned(),
        }
    }
}

/// The address of a tenant's built-in issuer.
pub(super) fn issuer(base: &str, tenant: Uuid) -> String {
    format!("{base}/{tenant}/v2.0")
}

/// Signs the claims, off the async threads: a signature takes half a millisecond of computing.
///
/// # Errors
/// Internal ones alone.
pub(super) async fn sign(services: &Services, claims: Claims) -> services::Result<String> {
    let key = services.signing_key_current().await?;
    let signed = tokio::task::spawn_blocking(move || {
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": key.id });
        let part = |json: Vec<u8>| BASE64_URL_SAFE_NO_PAD.encode(json);
        let said = format!(
            "{}.{}",
            part(serde_json::to_vec(&header)?),
            part(serde_json::to_vec(&claims)?)
        );
        let signature = part(key.sign(said.as_bytes())?);
        Ok(format!("{said}.{signature}"))
    });
    signed
        .await
        .map_err(|error| Error::internal(error.to_string()))?
}
