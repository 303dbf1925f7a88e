//! What an id token says, and whether it may be believed.

use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{Proof, ProviderKind};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, Client, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdToken, IdTokenClaims, IdTokenFields, Nonce, StandardErrorResponse, StandardTokenResponse,
    UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::client::Way;
use super::refusal::SigninRefusal;
use crate::state::AppState;

/// How far an issuer's clock may be off from ours.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// Longest subject; OpenID Connect Core 1.0 section 2 allows 255 characters.
const SUBJECT: usize = 255;

/// What id tokens tell besides the standard's own claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IssuerClaims {
    #[serde(flatten)]
    told: Map<String, Value>,
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

/// An id token of [`PortalClient`].
pub(super) type PortalIdToken = IdToken<
    IssuerClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// What a good id token says.
pub(super) type Claims = IdTokenClaims<IssuerClaims, CoreGenderClaim>;

impl IssuerClaims {
    /// The organisation, at an issuer that serves many.
    pub(super) fn tid(&self) -> Option<&str> {
        self.told.get("tid").and_then(Value::as_str)
    }

    /// What the tokens of the built-in issuer were given for.
    pub(super) fn grant(&self) -> Option<Uuid> {
        let text = self.told.get("sid").and_then(Value::as_str)?;
        Uuid::parse_str(text).ok()
    }

    fn not_before(&self) -> Option<f64> {
        self.told.get("nbf").and_then(Value::as_f64)
    }

    /// The texts of a claim, which may stand in another: `realm_access.roles`.
    fn texts(&self, claim: &str) -> Vec<String> {
        let found = self.told.get(claim).or_else(|| {
            let mut steps = claim.split('.');
            let first = self.told.get(steps.next()?)?;
            steps.try_fold(first, |value, step| value.get(step))
        });
        match found {
            Some(Value::String(text)) => vec![text.clone()],
            Some(Value::Array(values)) => values
                .iter()
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// The claims of an id token, when its signature, issuer, audience, nonce and times are right.
pub(super) fn verify(
    client: &PortalClient,
    way: &Way,
    token: &PortalIdToken,
    nonce: &str,
    now: DateTime<Utc>,
    state: &AppState,
) -> Result<Claims, SigninRefusal> {
    // At a shared issuer the documents name it with `{tenantid}`; the issuer is compared below instead.
    let is_shared = match way {
        Way::Shared => true,
        Way::Provider(provider) => provider.kind == ProviderKind::MultiTenant,
        Way::BuiltIn(_) => false,
    };
    let verifier = client
        .id_token_verifier()
        .set_time_fn(move || now - SKEW)
        .set_issue_time_verifier_fn(move |issued| {
            if issued > now + SKEW {
                Err("it was issued in the future".to_owned())
            } else {
                Ok(())
            }
        })
        .require_issuer_match(!is_shared);
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned()))?;
    let told = claims.additional_claims();
    if told
        .not_before()
        .is_some_and(|from| from > (now + SKEW).timestamp() as f64)
    {
        return Err(SigninRefusal::TooEarly);
    }
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > SUBJECT {
        return Err(SigninRefusal::Malformed(
            "the subject is empty or too long".to_owned(),
        ));
    }
    if is_shared {
        let tid = told.tid().unwrap_or_default();
        let expected = state
            .providers
            .shared()
            .map(|shared| shared.issuer.replace("{tenantid}", tid));
        if tid.is_empty() || expected.as_deref() != Some(claims.issuer().as_str()) {
            return Err(SigninRefusal::WrongIssuer(claims.issuer().to_string()));
        }
    }
    if let Way::Provider(provider) = way {
        if claims.issuer().as_str() != provider.issuer {
            return Err(SigninRefusal::WrongIssuer(claims.issuer().to_string()));
        }
        if provider.tid.is_some() && provider.tid.as_deref() != told.tid() {
            return Err(SigninRefusal::WrongTenant(told.tid().map(str::to_owned)));
        }
    }
    Ok(claims.clone())
}

/// What a provider tells of a person besides the id token.
pub(super) type UserInfo = UserInfoClaims<IssuerClaims, CoreGenderClaim>;

/// Whether the id token leaves open what admission may need. Providers that keep to the letter of OpenID Connect Core 1.0
/// section 5.4 tell it at their user info endpoint alone.
pub(super) fn is_silent(claims: &Claims, group_claim: &str) -> bool {
    let has_groups =
        group_claim.is_empty() || !claims.additional_claims().texts(group_claim).is_empty();
    claims.email().is_none() || claims.name().is_none() || !has_groups
}

/// What the id token proves of the person, and the user info endpoint where the token says nothing.
pub(super) fn proof(claims: &Claims, info: Option<&UserInfo>, group_claim: &str) -> Proof {
    let mut proof = of_token(claims, group_claim);
    let Some(info) = info else {
        return proof;
    };
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    // An address and who vouches for it belong together.
    if proof.email.is_none() {
        proof.email = info.email().and_then(|email| text(email.as_str()));
        proof.email_verified = info.email_verified() == Some(true);
    }
    if proof.name.is_none() {
        proof.name = info
            .name()
            .and_then(|name| name.get(None))
            .and_then(|name| text(name.as_str()));
    }
    if proof.user_name.is_none() {
        proof.user_name = info
            .preferred_username()
            .and_then(|name| text(name.as_str()));
    }
    if proof.groups.is_empty() && !group_claim.is_empty() {
        proof.groups = info.additional_claims().texts(group_claim);
    }
    proof
}

fn of_token(claims: &Claims, group_claim: &str) -> Proof {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let told = claims.additional_claims();
    Proof {
        issuer: claims.issuer().to_string(),
        subject: claims.subject().to_string(),
        name: claims
            .name()
            .and_then(|name| name.get(None))
            .and_then(|name| text(name.as_str())),
        user_name: claims
            .preferred_username()
            .and_then(|name| text(name.as_str())),
        email: claims.email().and_then(|email| text(email.as_str())),
        email_verified: claims.email_verified() == Some(true),
        tid: told.tid().map(str::to_owned),
        groups: if group_claim.is_empty() {
            Vec::new()
        } else {
            told.texts(group_claim)
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn groups_are_texts_wherever_the_provider_puts_them() {
        let claims: IssuerClaims = serde_json::from_value(json!({
            "groups": ["a", 1, "b"], "role": "c", "https://x.example/groups": ["d"],
            "realm_access": { "roles": ["e"] }, "number": 7,
        }))
        .expect("claims");
        assert_eq!(claims.texts("groups"), ["a", "b"]);
        assert_eq!(claims.texts("role"), ["c"]);
        assert_eq!(claims.texts("https://x.example/groups"), ["d"]);
        assert_eq!(claims.texts("realm_access.roles"), ["e"]);
        for none in [
            "number",
            "missing",
            "realm_access",
            "realm_access.roles.x",
            "",
        ] {
            assert!(claims.texts(none).is_empty(), "{none}");
        }
    }
}
