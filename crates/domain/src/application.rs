//! Applications: programs that sign in for themselves, at home and in the tenants that admitted them. Rules C9-C13.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::identity::{Reach, is_issuer};
use crate::name;
use crate::violation::{Rule, Violation};
use crate::words::words;

/// Addresses that one application may have its answers sent to.
pub const MOST_REDIRECTS: usize = 20;
/// Credentials of each kind that one application may have at a time.
pub const MOST_CREDENTIALS: usize = 20;
/// How long a secret is good when nobody says otherwise. Rule C10.
pub const SECRET_LIFE: TimeDelta = TimeDelta::days(365);
/// The longest that a secret may be good.
pub const SECRET_LIFE_MAX: TimeDelta = TimeDelta::days(2 * 366);
/// Longest address that is kept.
const LONGEST: usize = 2000;

words!(CredentialKind {
    Secret,
    Certificate,
    Federated
});

/// How a program proves that it is the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CredentialKind {
    /// A secret of ours, shown once.
    Secret,
    /// A certificate whose private key signs the proof.
    Certificate,
    /// A token of another issuer.
    Federated,
}

/// What an application is registered with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationInput {
    /// Name for people.
    pub display_name: String,
    /// Whether other tenants may admit it. Rule A61.
    pub multi_tenant: bool,
    /// Whether it runs where it can keep no secret, such as on a person's computer.
    pub public_client: bool,
    /// Where answers to its sign-ins are sent.
    pub redirect_uris: Vec<String>,
}

/// An application as the tenant that registered it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationView {
    /// Key of the registration.
    pub id: Uuid,
    /// The id by which the application introduces itself everywhere.
    pub app_id: Uuid,
    /// The tenant that registered it.
    pub tenant: Uuid,
    /// What was registered.
    #[serde(flatten)]
    pub input: ApplicationInput,
    /// When.
    pub created_at: DateTime<Utc>,
    /// User name of who registered it.
    pub created_by: String,
    /// Its credentials, newest first.
    pub credentials: Vec<CredentialView>,
}

/// A credential without what is secret about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialView {
    /// The credential's key.
    pub id: Uuid,
    /// What kind of proof it is.
    pub kind: CredentialKind,
    /// What it is for, in the words of who made it.
    pub display_name: String,
    /// The first characters of a secret, a certificate's thumbprint, or the issuer and subject of outside tokens.
    pub hint: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops being good.
    pub expires_at: DateTime<Utc>,
    /// When it was last good for a sign-in, give or take some minutes.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// An application in a tenant: the identity that roles are given to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePrincipalView {
    /// The principal's object id in the tenant.
    pub id: Uuid,
    /// The application.
    pub app_id: Uuid,
    /// Name for people.
    pub display_name: String,
    /// Whether it may sign in.
    pub enabled: bool,
    /// The tenant that registered the application, none when it deleted it since.
    pub home: Option<Uuid>,
    /// Name of that tenant.
    pub home_name: String,
    /// When the tenant admitted it.
    pub created_at: DateTime<Utc>,
}

/// Tokens of another issuer that prove the application.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FederatedInput {
    /// What it is for.
    pub display_name: String,
    /// The issuer that the tokens name; its discovery document tells its keys.
    pub issuer: String,
    /// The subject that the tokens must name.
    pub subject: String,
    /// The audience that the tokens must be for.
    pub audience: String,
}

impl ApplicationInput {
    /// Every rule that the input breaks.
    #[must_use]
    pub fn check(&self) -> Vec<Violation> {
        let mut broken = name::text("displayName", &self.display_name, 1, 100);
        if self.redirect_uris.len() > MOST_REDIRECTS {
            broken.push(
                Violation::new(Rule::OutOfRange, "redirectUris")
                    .with("min", 0)
                    .with("max", MOST_REDIRECTS),
            );
        }
        let is_bad = |address: &&String| !is_redirect(address);
        if self.redirect_uris.iter().any(|address| is_bad(&address)) {
            let allowed = "addresses that begin with https://, or with http://localhost on a person's own computer, without “#”";
            broken
                .push(Violation::new(Rule::BadCharacters, "redirectUris").with("allowed", allowed));
        }
        broken
    }

    /// Whether answers may be sent to this address.
    #[must_use]
    pub fn redirects_to(&self, asked: &str) -> bool {
        self.redirect_uris
            .iter()
            .any(|registered| redirect_matches(registered, asked))
    }
}

impl FederatedInput {
    /// Every rule that the input breaks, where issuers are asked as far as `reach`.
    #[must_use]
    pub fn check(&self, reach: Reach) -> Vec<Violation> {
        let mut broken = name::text("displayName", &self.display_name, 1, 100);
        if !is_issuer(&self.issuer, reach) {
            broken.push(Violation::new(Rule::NotAUrl, "issuer"));
        }
        broken.extend(name::text("subject", &self.subject, 1, 600));
        broken.extend(name::text("audience", &self.audience, 1, 600));
        broken
    }
}

/// The lifetime of a new secret: what was asked for, or a year.
///
/// # Errors
/// `NotADate` for an end that has passed or lies too far away.
pub fn secret_end(
    now: DateTime<Utc>,
    wanted: Option<DateTime<Utc>>,
) -> Result<DateTime<Utc>, Violation> {
    match wanted {
        None => Ok(now + SECRET_LIFE),
        Some(end) if end > now && end <= now + SECRET_LIFE_MAX => Ok(end),
        Some(_) => Err(Violation::new(Rule::NotADate, "endDateTime")),
    }
}

/// Scheme, authority and the rest of an address.
fn split(address: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = address.split_once("://")?;
    let at = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(at);
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '#');
    let is_good = !authority.is_empty()
        && !authority.contains(['@', '*', '\''])
        && address.chars().all(is_plain)
        && address.len() <= LONGEST;
    is_good.then_some((scheme, authority, path))
}

/// Whether the host is the person's own computer.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn is_redirect(address: &str) -> bool {
    split(address).is_some_and(|(scheme, authority, _)| {
        scheme == "https" || (scheme == "http" && is_loopback(authority))
    })
}

/// Whether an address is the registered one. On the person's own computer any port is the same, because programs take
/// the one that is free (RFC 8252, section 7.3).
#[must_use]
pub fn redirect_matches(registered: &str, asked: &str) -> bool {
    let (Some(mine), Some(theirs)) = (split(registered), split(asked)) else {
        return false;
    };
    let path = |path: &str| if path.is_empty() { "/" } else { path }.to_owned();
    let host = |authority: &str| {
        authority
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
            .map_or(authority, |(host, _)| host)
            .to_owned()
    };
    let is_same_place = mine.1 == theirs.1
        || (mine.0 == "http" && is_loopback(mine.1) && host(mine.1) == host(theirs.1));
    mine.0 == theirs.0 && is_same_place && path(mine.2) == path(theirs.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_c9_answers_go_to_registered_addresses_alone() {
        let site = "https://www.microsoft.com";
        assert!(redirect_matches(site, site));
        assert!(redirect_matches(site, "https://www.microsoft.com/"));
        for other in [
            "http://www.microsoft.com",
            "https://www.microsoft.com/x",
            "https://www.microsoft.com:444",
            "https://www.microsoft.com.evil.example",
            "https://www.microsoft.com@evil.example",
            "https://www.microsoft.com#x",
            "https://www.microsoft.com?x",
            "",
        ] {
            assert!(!redirect_matches(site, other), "{other}");
        }
    }

    #[test]
    fn on_ones_own_computer_any_port_is_the_same() {
        assert!(redirect_matches(
            "http://localhost",
            "http://localhost:8400"
        ));
        assert!(redirect_matches(
            "http://localhost",
            "http://localhost:8400/"
        ));
        assert!(redirect_matches(
            "http://127.0.0.1:1/a",
            "http://127.0.0.1:2/a"
        ));
        for other in [
            "https://localhost:8400",
            "http://localhost.evil.example",
            "http://localhost:8400@evil.example",
            "http://127.0.0.1:8400",
            "http://localhost:8400/x",
            "http://localhost:x",
        ] {
            assert!(!redirect_matches("http://localhost", other), "{other}");
        }
        assert!(!redirect_matches(
            "https://localhost",
            "https://localhost:8400"
        ));
    }

    #[test]
    fn only_safe_addresses_can_be_registered() {
        let with = |address: &str| ApplicationInput {
            display_name: "gallery app".to_owned(),
            redirect_uris: vec![address.to_owned()],
            ..ApplicationInput::default()
        };
        for good in [
            "https://www.microsoft.com",
            "https://a.example:8443/cb?x=1",
            "http://localhost:5000/cb",
            "http://[::1]/",
        ] {
            assert_eq!(with(good).check(), [], "{good}");
        }
        for bad in [
            "http://a.example",
            "javascript:alert(1)",
            "https://",
            "https://a.example/#x",
            "https://u:p@a.example",
            "https://*.example",
            "https://a.example/ b",
        ] {
            assert_ne!(with(bad).check(), [], "{bad}");
        }
    }

    #[test]
    fn rule_c10_a_secret_is_good_for_a_year_unless_somebody_says_otherwise() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        let end = |days| secret_end(now, Some(now + TimeDelta::days(days)));
        assert_eq!(secret_end(now, None), Ok(now + TimeDelta::days(365)));
        assert!(end(1).is_ok() && end(730).is_ok());
        assert!(end(0).is_err() && end(-1).is_err() && end(733).is_err());
    }
}
