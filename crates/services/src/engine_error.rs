//! What the engine's failures mean to a user.

use domain::{Code, DiskSize, Problem, Rule, Violation};
use engine::EngineError;

use crate::Error;

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Refused { code, message } => {
                let violation = Violation::new(Rule::HostileDisk, "disk").with("reason", &message);
                let mut problem = Problem::from_violations(vec![violation]).at("disk");
                problem.message = format!("{message} ({code})");
                Self::Problem(problem)
            }
            EngineError::NoSpace {
                needed,
                free,
                place,
            } => {
                tracing::warn!(place, needed, free, "a store or folder is full");
                let free = DiskSize::from_bytes(free);
                let message = if needed > 0 {
                    let needed = DiskSize::from_bytes(needed);
                    format!(
                        "There is not enough space: {needed} are needed, {free} are free. Ask your administrator to make room, then try again."
                    )
                } else {
                    format!(
                        "The storage is full ({free} are free). Ask your administrator to make room, then try again."
                    )
                };
                Self::Problem(Problem::new(Code::InsufficientStorage, message))
            }
            EngineError::Cancelled => Self::Problem(Problem::new(
                Code::OperationCanceled,
                "The operation was cancelled.",
            )),
            EngineError::Unavailable { what, reason } => Self::Problem(Problem::new(
                Code::EngineUnavailable,
                format!("{what} can't be used now: {reason}"),
            )),
            EngineError::Corrupt {
                what,
                expected,
                found,
            } => {
                tracing::error!(what, expected, found, "a copy differs from its checksum");
                let message = "A copy of the disk differs from its checksum, so it was not used. Try again; if it happens again, tell your administrator.";
                Self::Problem(Problem::new(Code::EngineUnavailable, message))
            }
            other => Self::Internal(Box::new(other)),
        }
    }
}
