//! What a server function answers when it does not do what was asked.

use domain::problem::Code;
use domain::{Problem, Rule, Violation};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// A domain problem as the error of a server function, so that forms show it field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refusal(pub Problem);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refusal {}

/// The field that serde missed: its message is the only place that names it.
fn missing_field(text: &str) -> Option<&str> {
    text.split("missing field `").nth(1)?.split('`').next()
}

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    /// Turns the machinery's own errors into problems. What a browser sent wrongly is told by field;
    /// what broke inside is not told at all.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let problem = match &error {
            ServerFnErrorErr::Args(text) | ServerFnErrorErr::MissingArg(text) => {
                match missing_field(text) {
                    Some(field) => {
                        Problem::from_violations(vec![Violation::new(Rule::Required, field)])
                    }
                    None => Problem::new(Code::InvalidRequest, "The form could not be read."),
                }
            }
            ServerFnErrorErr::Request(_) => Problem::new(
                Code::EngineUnavailable,
                "The server can't be reached. Check the connection and try again.",
            ),
            _ => Problem::new(
                Code::InternalServerError,
                "The request could not be carried out.",
            ),
        };
        Self(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_left_out_is_named() {
        let refusal = Refusal::from_server_fn_error(ServerFnErrorErr::Args(
            "missing field `name`".to_owned(),
        ));
        assert!(refusal.0.for_field("name").is_some());
    }

    #[test]
    fn what_broke_inside_is_not_told() {
        let refusal = Refusal::from_server_fn_error(ServerFnErrorErr::ServerError(
            "disk /var/lib at sector 9".to_owned(),
        ));
        assert!(!refusal.0.message.contains("sector"));
    }
}
