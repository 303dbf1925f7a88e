//! Why a request was not done, in the shape that every skin shows.

use serde::{Deserialize, Serialize};

use crate::violation::{Rule, Violation};

/// The kind of a problem; each knows its HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Code {
    InvalidRequest,
    InvalidTemplate,
    MissingApiVersionParameter,
    AuthenticationFailed,
    AuthorizationFailed,
    ResourceNotFound,
    AlreadyExists,
    Conflict,
    ResourceInUse,
    ScopeLocked,
    DeploymentFailed,
    DeploymentActive,
    MachineRunning,
    MachineBusy,
    QuotaExceeded,
    ImageNotUsableForLabs,
    OperationCanceled,
    PreconditionFailed,
    PayloadTooLarge,
    TooManyRequests,
    InsufficientStorage,
    EngineUnavailable,
    InternalServerError,
}

impl Code {
    /// The HTTP status that goes with the code.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidRequest
            | Self::InvalidTemplate
            | Self::MissingApiVersionParameter
            | Self::ImageNotUsableForLabs => 400,
            Self::AuthenticationFailed => 401,
            Self::AuthorizationFailed => 403,
            Self::ResourceNotFound => 404,
            Self::AlreadyExists
            | Self::Conflict
            | Self::ResourceInUse
            | Self::ScopeLocked
            | Self::DeploymentFailed
            | Self::DeploymentActive
            | Self::MachineRunning
            | Self::MachineBusy
            | Self::QuotaExceeded
            | Self::OperationCanceled => 409,
            Self::PreconditionFailed => 412,
            Self::PayloadTooLarge => 413,
            Self::TooManyRequests => 429,
            Self::InternalServerError => 500,
            Self::EngineUnavailable => 503,
            Self::InsufficientStorage => 507,
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// A refusal or a failure, ready for a person: what happened, where, and every rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The kind of problem.
    pub code: Code,
    /// One sentence for a person.
    pub message: String,
    /// The field or resource that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Every broken rule, for forms to show beside their fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Violation>,
}

impl Problem {
    /// A problem with a code and a sentence.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            target: None,
            details: Vec::new(),
        }
    }

    /// Names the field or resource that the problem is about.
    #[must_use]
    pub fn at(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Turns broken rules into a problem, or says that all is well.
    ///
    /// # Errors
    /// The problem that lists every violation, when there is one at least.
    pub fn unless_empty(violations: Vec<Violation>) -> Result<(), Self> {
        if violations.is_empty() {
            Ok(())
        } else {
            Err(Self::from_violations(violations))
        }
    }

    /// The problem that lists these violations; its code follows the gravest of them.
    #[must_use]
    pub fn from_violations(details: Vec<Violation>) -> Self {
        let code = if details.iter().any(|v| v.code == Rule::AlreadyExists) {
            Code::AlreadyExists
        } else if details
            .iter()
            .any(|v| matches!(v.code, Rule::OsDiskTooLarge | Rule::SeveralDisks))
        {
            Code::ImageNotUsableForLabs
        } else if details.iter().any(|v| v.code == Rule::LimitReached) {
            Code::QuotaExceeded
        } else {
            Code::InvalidRequest
        };
        let message = match details.as_slice() {
            [only] => format!("{}: {}", only.target, only.sentence()),
            many => format!("{} fields need attention.", many.len()),
        };
        let target = details.first().map(|v| v.target.clone());
        Self {
            code,
            message,
            target,
            details,
        }
    }

    /// What a caller may not know of does not exist for them.
    #[must_use]
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(Code::ResourceNotFound, format!("{what} was not found."))
    }

    /// The sentence for one field, if that field broke a rule.
    #[must_use]
    pub fn for_field(&self, field: &str) -> Option<String> {
        self.details
            .iter()
            .find(|v| v.target == field)
            .map(Violation::sentence)
    }
}
