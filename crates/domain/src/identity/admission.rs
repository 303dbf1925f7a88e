//! Whom a tenant lets in at the first sign-in.

use serde::{Deserialize, Serialize};

use super::domain_of;

/// Longest name that is taken from a provider, in characters.
const NAME: usize = 100;

/// Whom a provider lets in who was never here before. All three off: nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Admission {
    /// Those whose e-mail address the provider vouches for, in a domain of the tenant.
    pub by_domain: bool,
    /// Those who are in one of `allowed_groups`.
    pub by_group: bool,
    /// Those who follow an invitation.
    pub by_invitation: bool,
    /// The claim that lists groups; empty for none.
    pub group_claim: String,
    /// Values of that claim.
    pub allowed_groups: Vec<String>,
}

/// What a provider's id token proved of a person, after its signature and all its claims were checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// Who says so.
    pub issuer: String,
    /// The person, for ever; the only thing that a person is known again by, together with the issuer.
    pub subject: String,
    /// Name for people.
    pub name: Option<String>,
    /// The name that the person signed in with.
    pub user_name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the provider vouches for the address.
    pub email_verified: bool,
    /// The organisation, at an issuer that serves many.
    pub tid: Option<String>,
    /// What the group claim lists.
    pub groups: Vec<String>,
}

/// What let a person in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// The domain of the e-mail address.
    Domain,
    /// A group.
    Group,
    /// An invitation.
    Invitation,
}

/// Why a person was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// No road is open.
    #[error("the provider admits nobody new")]
    Closed,
    /// The provider tells no address.
    #[error("the provider told no e-mail address")]
    NoEmail,
    /// The provider does not vouch for the address: anybody could have typed it.
    #[error("the provider does not vouch for the e-mail address")]
    EmailUnverified,
    /// The address is not of this tenant.
    #[error("the e-mail address is of another domain")]
    ForeignDomain,
    /// None of the allowed groups.
    #[error("none of the person's groups is allowed")]
    NoAllowedGroup,
    /// Only those who were invited may come.
    #[error("the person was not invited")]
    NotInvited,
}

/// Decides about a person who was never here before: the road that lets them in, or why each open road did not.
///
/// `domains` are the tenant's proved domains, `invited` says whether an open invitation was followed.
///
/// # Errors
/// Every reason, the most telling first.
pub fn admit(
    admission: &Admission,
    proof: &Proof,
    domains: &[String],
    invited: bool,
) -> Result<Road, Vec<NotAdmitted>> {
    let mut reasons = Vec::new();
    if admission.by_invitation {
        if invited {
            return Ok(Road::Invitation);
        }
        reasons.push(NotAdmitted::NotInvited);
    }
    if admission.by_domain {
        match by_domain(proof, domains) {
            Ok(()) => return Ok(Road::Domain),
            Err(reason) => reasons.insert(0, reason),
        }
    }
    if admission.by_group {
        if proof
            .groups
            .iter()
            .any(|group| admission.allowed_groups.contains(group))
        {
            return Ok(Road::Group);
        }
        reasons.insert(0, NotAdmitted::NoAllowedGroup);
    }
    if reasons.is_empty() {
        reasons.push(NotAdmitted::Closed);
    }
    Err(reasons)
}

fn by_domain(proof: &Proof, domains: &[String]) -> Result<(), NotAdmitted> {
    let domain = proof
        .email
        .as_deref()
        .and_then(domain_of)
        .ok_or(NotAdmitted::NoEmail)?;
    if !domains.contains(&domain) {
        return Err(NotAdmitted::ForeignDomain);
    }
    if !proof.email_verified {
        return Err(NotAdmitted::EmailUnverified);
    }
    Ok(())
}

impl NotAdmitted {
    /// What the person is told.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Closed => {
                "You signed in, but you have no account here, and nobody new is let in this way."
            }
            Self::NoEmail => "You signed in, but your provider did not tell your e-mail address.",
            Self::EmailUnverified => {
                "You signed in, but your provider does not vouch for your e-mail address."
            }
            Self::ForeignDomain => {
                "You signed in, but your e-mail address is not of this organisation."
            }
            Self::NoAllowedGroup => "You signed in, but none of your groups may use this portal.",
            Self::NotInvited => {
                "You signed in, but you have no account here: ask for an invitation."
            }
        }
    }
}

impl Proof {
    /// A name for people: the told one, else how the person signed in, else the subject.
    #[must_use]
    pub fn display_name(&self) -> String {
        self.first_of([&self.name, &self.user_name, &self.email])
    }

    /// The name for signing in: an address that the provider vouches for before one that somebody chose.
    #[must_use]
    pub fn sign_in_name(&self) -> String {
        let vouched = self.email.clone().filter(|_| self.email_verified);
        self.first_of([&vouched, &self.user_name, &self.email])
    }

    fn first_of(&self, texts: [&Option<String>; 3]) -> String {
        let mut cleaned = texts.into_iter().flatten().map(|text| clean(text));
        cleaned
            .find(|text| !text.is_empty())
            .unwrap_or_else(|| clean(&self.subject))
    }
}

/// The text without what could disturb a line of the log or a page, and not too long.
fn clean(text: &str) -> String {
    // Bidirectional overrides could make one name look like another.
    let is_plain = |c: &char| {
        !c.is_control()
            && !matches!(*c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.trim().chars().filter(is_plain).take(NAME).collect()
}
