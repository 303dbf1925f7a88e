//! What a use case answers when it does not do what was asked.

use domain::{Code, Problem};

/// A refusal for the user, or a failure that only the log explains.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// For the user, as it is.
    #[error("{0}")]
    Problem(#[from] Problem),
    /// For the log alone; the user sees the request's id.
    #[error("{0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Something that must not happen, with a text for the log.
    pub fn internal(message: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(message.into())
    }

    /// What the user is told; an internal failure is logged here, once.
    #[must_use]
    pub fn into_problem(self, request_id: &str) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Internal(error) => {
                tracing::error!(error = %error, request.id = request_id, "a request failed");
                Problem::new(
                    Code::InternalServerError,
                    format!(
                        "Something failed on our side. Tell your administrator the request id {request_id}."
                    ),
                )
            }
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict(store::Conflict::Unique, _) => Self::Problem(Problem::new(
                Code::AlreadyExists,
                "Something of this name was made at the same moment. Try again.",
            )),
            store::Error::Conflict(store::Conflict::Reference, _) => Self::Problem(Problem::new(
                Code::ResourceInUse,
                "Something else still depends on this, or what it refers to is gone.",
            )),
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        store::Error::from(error).into()
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}
