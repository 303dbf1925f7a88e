//! Where people prove who they are, and whom a tenant lets in.

mod admission;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::name;
use crate::violation::{Rule, Violation};
use crate::words::words;

pub use admission::{Admission, NotAdmitted, Proof, Road, admit};

words!(ProviderKind { Oidc, MultiTenant });
words!(Reach {
    Public,
    Private,
    Loopback
});

/// What kind of issuer a provider is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProviderKind {
    /// An issuer with a client of this tenant's own.
    #[default]
    Oidc,
    /// The installation's issuer for many organisations; this tenant's people are told by their `tid`.
    MultiTenant,
}

/// How far requests to providers may go: administrators of tenants name the addresses, and what they name must not
/// open the operator's network to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// Public addresses, over HTTPS.
    #[default]
    Public,
    /// Private networks as well, over HTTPS.
    Private,
    /// This host as well, there without HTTPS too: for tests.
    Loopback,
}

/// What a provider is set to.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ProviderInput {
    /// What kind of issuer it is.
    pub kind: ProviderKind,
    /// Name on the button of the sign-in page.
    pub name: String,
    /// The issuer's address; for [`ProviderKind::MultiTenant`] it follows from `tid`.
    pub issuer: String,
    /// What the claim `tid` must say; empty for no such demand.
    pub tid: String,
    /// Our id at the issuer.
    pub client_id: String,
    /// Our secret at the issuer; none keeps the one that is set.
    pub client_secret: Option<String>,
    /// What is asked for besides `openid`, with spaces between.
    pub scopes: String,
    /// Whom it lets in.
    pub admission: Admission,
}

impl std::fmt::Debug for ProviderInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderInput")
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// A provider as administrators see it; its secret never leaves the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderView {
    /// Key of the row.
    pub id: Uuid,
    /// What kind of issuer it is.
    pub kind: ProviderKind,
    /// Name on the button of the sign-in page.
    pub name: String,
    /// The issuer's address.
    pub issuer: String,
    /// What the claim `tid` must say.
    pub tid: Option<String>,
    /// Our id at the issuer.
    pub client_id: String,
    /// Whether a secret is set.
    pub has_secret: bool,
    /// What is asked for besides `openid`.
    pub scopes: String,
    /// Whether people may sign in there.
    pub enabled: bool,
    /// When a sign-in last succeeded with what is set now.
    pub tested_at: Option<DateTime<Utc>>,
    /// Whom it lets in.
    pub admission: Admission,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// A value of a provider's group claim, and the group whose members it makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupClaimView {
    /// Key of the row.
    pub id: Uuid,
    /// What the claim says.
    pub value: String,
    /// The group.
    pub group: Uuid,
    /// The group's name.
    pub group_name: String,
}

/// A domain of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainView {
    /// Key of the row.
    pub id: Uuid,
    /// The domain, in lower case.
    pub name: String,
    /// Whether it is the tenant's first one, which stays.
    pub is_primary: bool,
    /// Where its people are led to sign in; none for the choice.
    pub provider: Option<Uuid>,
    /// What the domain's web server must show to prove whose it is.
    pub proof: String,
    /// When it was proved; until then it leads nobody anywhere.
    pub verified_at: Option<DateTime<Utc>>,
}

/// How far an invitation came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum InvitationState {
    /// It can be accepted.
    Open,
    /// Somebody accepted it.
    Accepted,
    /// An administrator took it back.
    Revoked,
    /// Nobody accepted it in time.
    Expired,
}

/// An invitation as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// Key of the row.
    pub id: Uuid,
    /// Whom it was meant for.
    pub email: String,
    /// The group that the person joins.
    pub group: Option<String>,
    /// How far it came.
    pub state: InvitationState,
    /// Who sent it.
    pub created_by: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

/// A tenant in which a person may act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantChoice {
    /// The tenant.
    pub tenant: Uuid,
    /// Its name.
    pub name: String,
    /// Its first domain.
    pub domain: String,
    /// Whether the person acts in it now.
    pub current: bool,
}

/// Everything that is wrong with a provider's settings.
#[must_use]
pub fn provider(input: &ProviderInput, reach: Reach) -> Vec<Violation> {
    let mut broken = name::text("name", &input.name, 1, 60);
    if !is_issuer(&input.issuer, reach) {
        broken.push(Violation::new(Rule::NotAnIssuer, "issuer"));
    }
    if input.kind == ProviderKind::MultiTenant {
        broken.extend(name::text("tid", &input.tid, 1, 100));
    } else {
        broken.extend(name::text("clientId", &input.client_id, 1, 200));
    }
    let is_scope = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ';
    if input.scopes.len() > 300 || !input.scopes.chars().all(is_scope) {
        let allowed = "words such as profile email, with spaces between";
        broken.push(Violation::new(Rule::BadCharacters, "scopes").with("allowed", allowed));
    }
    let admission = &input.admission;
    if admission.by_group
        && (admission.group_claim.is_empty() || admission.allowed_groups.is_empty())
    {
        let target = if admission.group_claim.is_empty() {
            "groupClaim"
        } else {
            "allowedGroups"
        };
        broken.push(Violation::new(Rule::Required, target));
    }
    if admission.group_claim.len() > 100 {
        broken.push(Violation::new(Rule::TooLong, "groupClaim").with("max", 100));
    }
    if admission.allowed_groups.len() > 100 {
        broken.push(
            Violation::new(Rule::LimitReached, "allowedGroups")
                .with("max", 100)
                .with("what", "groups"),
        );
    }
    broken
}

/// Whether the text is an issuer's address that may be reached: HTTPS, or plain HTTP on this host in tests; without
/// query, fragment and user, as OpenID Connect Discovery 1.0 section 2 wants it.
#[must_use]
pub fn is_issuer(text: &str, reach: Reach) -> bool {
    let rest = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => rest,
        (None, Some(rest)) if reach == Reach::Loopback => rest,
        _ => return false,
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_graphic() && !"?#@\\\"<>{}".contains(c);
    let is_here = ["localhost", "127.0.0.1", "[::1]"].contains(&host(authority));
    !authority.is_empty()
        && text.len() <= 300
        && text.chars().all(is_plain)
        && (text.starts_with("https://") || is_here)
}

/// The host of an authority, without its port.
fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// The host in an issuer's address: what people know it by.
#[must_use]
pub fn issuer_host(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    host(rest.split('/').next().unwrap_or_default())
}

/// The domain of an e-mail address, in lower case.
#[must_use]
pub fn domain_of(email: &str) -> Option<String> {
    let (local, domain) = email.trim().rsplit_once('@')?;
    let domain = domain.to_lowercase();
    (!local.is_empty() && is_domain(&domain)).then_some(domain)
}

/// Whether the text is a domain of two labels at least, in lower case.
#[must_use]
pub fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests;
