//! Why a template can't be taken, with the place in it.

use crate::problem::{Code, Problem};

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It needs a resource that is not there yet.
    Later,
    /// It can't have one.
    Wrong(String),
}

/// What an evaluation gives.
pub(super) type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// A fault with its sentence.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self::Wrong(message.into())
    }

    /// The fault as a refusal of the template, which names where in it.
    pub(super) fn at(self, place: &str) -> Problem {
        match self {
            Self::Wrong(message) => invalid(message, place),
            Self::Later => invalid(
                "What is read from a resource by reference() is known only when that resource is there: use it in \
                 properties and outputs alone.",
                place,
            ),
        }
    }
}

/// The refusal of a template.
pub(super) fn invalid(message: impl Into<String>, place: &str) -> Problem {
    Problem::new(Code::InvalidTemplate, message).at(place)
}

/// The fault of a value of another kind than is wanted.
pub(super) fn wanted(what: &str, wanted: &str) -> Fault {
    Fault::new(format!("{what} takes {wanted}."))
}
