//! How the issuer refuses a program: the shape of RFC 6749, with the numbers by which clients know the reasons.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::state::AppState;

/// A refusal with its name, number and sentence.
#[derive(Debug)]
pub(super) struct OAuthError {
    status: StatusCode,
    pub(super) error: &'static str,
    number: u32,
    pub(super) description: String,
}

impl OAuthError {
    /// A refusal of any status.
    pub(super) fn new(
        status: StatusCode,
        error: &'static str,
        number: u32,
        description: impl Into<String>,
    ) -> Self {
        Self {
            status,
            error,
            number,
            description: description.into(),
        }
    }

    /// 400: something about the request.
    pub(super) fn bad(error: &'static str, number: u32, description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, number, description)
    }

    /// 401: the program is not who it says.
    pub(super) fn client(number: u32, description: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            number,
            description,
        )
    }

    /// A field that the grant can't do without.
    pub(super) fn missing(field: &str) -> Self {
        let description = format!("The request body must contain the field “{field}”.");
        Self::bad("invalid_request", 900_144, description)
    }

    /// An application that no tenant of the address knows.
    pub(super) fn unknown_client(id: &str) -> Self {
        let shown: String = id.chars().take(64).collect();
        let description = format!("Application with identifier “{shown}” was not found here.");
        Self::bad("unauthorized_client", 700_016, description)
    }

    /// Something that tokens can't be for.
    pub(super) fn unknown_resource(asked: &str) -> Self {
        let shown: String = asked.chars().take(200).collect();
        let description = format!("The resource named “{shown}” was not found here.");
        Self::bad("invalid_resource", 500_011, description)
    }

    /// A failure of ours; the log has the reason.
    pub(super) fn internal(error: services::Error, request_id: &str) -> Self {
        let problem = error.into_problem(request_id);
        let status = StatusCode::from_u16(problem.code.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let name = if status == StatusCode::TOO_MANY_REQUESTS {
            "temporarily_unavailable"
        } else {
            "server_error"
        };
        Self::new(status, name, 90_033, problem.message)
    }

    /// The response, with what an operator needs to find the request in the log.
    pub(super) fn respond(self, state: &AppState, request_id: &str) -> Response {
        let body = json!({
            "error": self.error,
            "error_description": format!("AADSTS{}: {}", self.number, self.description),
            "error_codes": [self.number],
            "timestamp": state.services.now().format("%Y-%m-%d %H:%M:%SZ").to_string(),
            "trace_id": request_id,
            "correlation_id": request_id,
        });
        (
            self.status,
            [(CACHE_CONTROL, HeaderValue::from_static("no-store"))],
            Json(body),
        )
            .into_response()
    }
}
