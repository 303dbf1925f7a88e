//! Why a sign-in did not succeed: a sentence for the person, a reason for the operator.

use openidconnect::ClaimsVerificationError;

/// A sign-in that is refused at its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum SigninRefusal {
    #[error("the issuer refused: {error}: {description}")]
    ByIssuer { error: String, description: String },
    #[error("the callback came without a state")]
    StateMissing,
    #[error("{0}")]
    State(#[from] services::identity::LoginRefusal),
    #[error("the answer names the issuer {answered}, but {asked} was asked")]
    IssuerMixedUp { asked: String, answered: String },
    #[error("the callback came without a code")]
    CodeMissing,
    #[error("the issuer's documents could not be read: {0}")]
    Discovery(#[from] super::client::ClientError),
    #[error("the code was not exchanged: {0}")]
    Exchange(String),
    #[error("the issuer sent no id token")]
    NoIdToken,
    #[error("the id token is not good: {0}")]
    Claims(#[from] ClaimsVerificationError),
    #[error("the id token is for the tenant {0:?}")]
    WrongTenant(Option<uuid::Uuid>),
    #[error("nobody here has the subject {0}")]
    UnknownPerson(String),
    #[error("{0}")]
    ShutOut(domain::Problem),
    #[error("{0}")]
    Internal(services::Error),
}

impl From<services::Error> for SigninRefusal {
    fn from(error: services::Error) -> Self {
        match error {
            services::Error::Problem(problem) => Self::ShutOut(problem),
            internal @ services::Error::Internal(_) => Self::Internal(internal),
        }
    }
}

impl SigninRefusal {
    /// What the person is told.
    pub(super) fn sentence(&self) -> String {
        use services::identity::LoginRefusal;
        match self {
            Self::ByIssuer { .. } => "The sign-in was cancelled or refused where you signed in.",
            Self::StateMissing | Self::State(LoginRefusal::Unknown) => "This sign-in was not begun here. Begin it again.",
            Self::State(LoginRefusal::Foreign) => {
                "This sign-in was begun in another browser, or its cookie is gone. Begin it again in this one."
            }
            Self::State(LoginRefusal::Used) => "This sign-in was finished before. Begin a new one.",
            Self::State(LoginRefusal::Expired) => "The sign-in took too long. Begin it again.",
            Self::IssuerMixedUp { .. } | Self::WrongTenant(_) => "The answer came from another place than the one that was asked.",
            Self::CodeMissing => "The answer was incomplete. Begin the sign-in again.",
            Self::Discovery(_) | Self::Exchange(_) | Self::NoIdToken => "The place where you signed in did not answer as it should.",
            Self::Claims(ClaimsVerificationError::Expired(_)) => {
                "The proof of your sign-in has expired, or the clocks differ. Begin it again."
            }
            Self::Claims(_) => "The proof of your sign-in is not good.",
            Self::UnknownPerson(_) => "You signed in, but nobody of that name may use this portal. Ask your administrator.",
            Self::ShutOut(problem) => return problem.message.clone(),
            Self::Internal(_) => "Something failed on our side.",
        }
        .to_owned()
    }

    /// Whether the cause lies with us.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Self::Internal(_) | Self::Discovery(_))
    }
}
