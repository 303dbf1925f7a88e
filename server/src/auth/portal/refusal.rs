//! Why a sign-in did not succeed: a sentence for the person, a reason for the operator.

use axum::http::StatusCode;
use domain::Code;
use domain::identity::NotAdmitted;
use openidconnect::{ClaimsVerificationError, SignatureVerificationError};
use services::identity::LoginRefusal;

/// A sign-in that is refused at its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum SigninRefusal {
    #[error("the provider was removed or changed since the sign-in began")]
    ProviderGone,
    #[error("the provider {0} is disabled")]
    ProviderDisabled(String),
    #[error("the issuer refused: {error}: {description}")]
    ByIssuer { error: String, description: String },
    #[error("the callback came without a state")]
    StateMissing,
    #[error("{0}")]
    State(#[from] LoginRefusal),
    #[error("the answer names the issuer {answered}, but {asked} was asked")]
    IssuerMixedUp { asked: String, answered: String },
    #[error("the callback came without a code")]
    CodeMissing,
    #[error("{0}")]
    Client(#[from] super::client::ClientError),
    #[error("the code was not exchanged: {0}")]
    Exchange(String),
    #[error("the provider's word about the person is not good: {0}")]
    UserInfo(String),
    #[error("the issuer sent no id token")]
    NoIdToken,
    #[error("the id token's signature is not good: {0}")]
    BadSignature(SignatureVerificationError),
    #[error("the id token is of another issuer: {0}")]
    WrongIssuer(String),
    #[error("the id token is for another audience: {0}")]
    WrongAudience(String),
    #[error("the id token was made for another sign-in: {0}")]
    WrongNonce(String),
    #[error("the id token has expired: {0}")]
    Expired(String),
    #[error("the id token is of the future: the clocks differ by more than a minute")]
    TooEarly,
    #[error("the id token can't be read: {0}")]
    Malformed(String),
    #[error("the id token is for the tenant {0:?}")]
    WrongTenant(Option<String>),
    #[error("no provider here is for the organisation {0}")]
    UnknownOrganisation(String),
    #[error("not admitted: {}", list(.0))]
    NotAdmitted(Vec<NotAdmitted>),
    #[error("nobody here has the subject {0}")]
    UnknownPerson(String),
    #[error("a test sign-in came back to another administrator")]
    OtherTester,
    #[error("{0}")]
    Refused(domain::Problem),
    #[error("{0}")]
    Internal(services::Error),
}

fn list(reasons: &[NotAdmitted]) -> String {
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    reasons.join("; ")
}

impl From<services::Error> for SigninRefusal {
    fn from(error: services::Error) -> Self {
        match error {
            services::Error::Problem(problem) => Self::Refused(problem),
            internal @ services::Error::Internal(_) => Self::Internal(internal),
        }
    }
}

impl From<ClaimsVerificationError> for SigninRefusal {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::SignatureVerification(reason) => Self::BadSignature(reason),
            ClaimsVerificationError::InvalidIssuer(text) => Self::WrongIssuer(text),
            ClaimsVerificationError::InvalidAudience(text) => Self::WrongAudience(text),
            ClaimsVerificationError::InvalidNonce(text) => Self::WrongNonce(text),
            ClaimsVerificationError::Expired(text) if text.contains("future") => Self::TooEarly,
            ClaimsVerificationError::Expired(text) => Self::Expired(text),
            other => Self::Malformed(other.to_string()),
        }
    }
}

impl SigninRefusal {
    /// What the person is told.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::ProviderGone => "This way to sign in was removed or changed. Begin the sign-in again.",
            Self::ProviderDisabled(_) => {
                "This way to sign in is switched off. Choose another, or ask your administrator."
            }
            Self::ByIssuer { .. } => "The sign-in was cancelled or refused where you signed in.",
            Self::StateMissing | Self::State(LoginRefusal::Unknown) => {
                "This sign-in was not begun here. Begin it again."
            }
            Self::State(LoginRefusal::Foreign) => {
                "This sign-in was begun in another browser, or its cookie is gone. Begin it again in this one."
            }
            Self::State(LoginRefusal::Used) => "This sign-in was finished before. Begin a new one.",
            Self::State(LoginRefusal::Expired) => "The sign-in took too long. Begin it again.",
            Self::IssuerMixedUp { .. } => "The answer came from another place than the one that was asked.",
            Self::CodeMissing => "The answer was incomplete. Begin the sign-in again.",
            Self::Client(_) | Self::Exchange(_) | Self::UserInfo(_) | Self::NoIdToken => {
                "The place where you signed in did not answer as it should."
            }
            Self::BadSignature(_) => {
                "The proof of your sign-in is not good: it was not signed by the place where you signed in."
            }
            Self::WrongIssuer(_) => {
                "The proof of your sign-in is not good: it comes from another place than the one that was asked."
            }
            Self::WrongAudience(_) => "The proof of your sign-in is not good: it was made for another portal.",
            Self::WrongNonce(_) => "The proof of your sign-in is not good: it was made for another sign-in.",
            Self::Expired(_) => "The proof of your sign-in has expired, or the clocks differ. Begin it again.",
            Self::TooEarly => {
                "The proof of your sign-in is not good yet: the clock where you signed in is ahead of ours."
            }
            Self::Malformed(_) => "The proof of your sign-in is not good: it can't be read.",
            Self::WrongTenant(_) => "You signed in as somebody of another organisation than the one that was asked.",
            Self::UnknownOrganisation(_) => {
                "You signed in, but your organisation has no place here. Ask its administrator."
            }
            Self::NotAdmitted(reasons) => {
                reasons.first().copied().unwrap_or(NotAdmitted::Closed).sentence()
            }
            Self::UnknownPerson(_) => {
                "You signed in, but nobody of that name may use this portal. Ask your administrator."
            }
            Self::OtherTester => "A test is finished by the administrator who began it. Begin it again.",
            Self::Refused(problem) => return problem.message.clone(),
            Self::Internal(_) => "Something failed on our side.",
        }
        .to_owned()
    }

    /// The status of the page that tells it.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Client(super::client::ClientError::Directory(_)) | Self::UserInfo(_) => {
                StatusCode::BAD_GATEWAY
            }
            Self::Client(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Refused(problem)
                if matches!(problem.code, Code::ResourceNotFound | Code::TooManyRequests) =>
            {
                StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::BAD_REQUEST)
            }
            Self::NotAdmitted(_) | Self::UnknownOrganisation(_) | Self::UnknownPerson(_) => {
                StatusCode::FORBIDDEN
            }
            _ => StatusCode::BAD_REQUEST,
        }
    }
}
