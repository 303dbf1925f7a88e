//! The one shape in which the directory refuses.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::extract::rejection::JsonRejection;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Code, OpContext, Origin, Problem};
use serde_json::json;

use crate::auth::base;
use crate::state::AppState;

/// A refusal on its way out of a handler.
#[derive(Debug)]
pub(super) struct GraphError {
    status: StatusCode,
    code: &'static str,
    message: String,
    challenge: Option<HeaderValue>,
}

/// The result of a handler.
pub(super) type GraphResult<T> = Result<T, GraphError>;

impl GraphError {
    /// 400: something about the request.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_BadRequest", message)
    }

    /// 400: a filter that is not understood, instead of rows that it should have kept out.
    pub(super) fn unknown_filter(filter: &str) -> Self {
        let message = format!("This list does not understand the filter “{filter}”.");
        Self::new(StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", message)
    }

    /// 404: a path that the directory does not have.
    pub(super) fn unknown_path(path: &str) -> Self {
        let message = format!("There is nothing at “{path}”.");
        Self::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
    }

    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            challenge: None,
        }
    }

    fn unauthenticated(base: &str) -> Self {
        let challenge = format!(
            "Bearer authorization_uri=\"{base}/common\", error=\"invalid_token\", error_description=\"The request bears no access token.\""
        );
        Self {
            challenge: HeaderValue::try_from(challenge).ok(),
            ..Self::new(
                StatusCode::UNAUTHORIZED,
                "InvalidAuthenticationToken",
                "Access token is empty.",
            )
        }
    }
}

impl From<Problem> for GraphError {
    fn from(problem: Problem) -> Self {
        let status = StatusCode::from_u16(problem.code.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let code = match problem.code {
            Code::ResourceNotFound => "Request_ResourceNotFound",
            Code::AuthorizationFailed => "Authorization_RequestDenied",
            Code::AlreadyExists => "Request_MultipleObjectsWithSameKeyValue",
            Code::QuotaExceeded => "Directory_QuotaExceeded",
            Code::InternalServerError => "InternalServerError",
            _ => "Request_BadRequest",
        };
        let details = problem
            .details
            .iter()
            .map(|violation| format!(" {}: {}", violation.target, violation.sentence()));
        // A single violation is in the message already.
        let details: String = if problem.details.len() > 1 {
            details.collect()
        } else {
            String::new()
        };
        Self::new(status, code, problem.message + &details)
    }
}

impl From<JsonRejection> for GraphError {
    fn from(rejection: JsonRejection) -> Self {
        Self::bad(rejection.body_text())
    }
}

impl IntoResponse for GraphError {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.code, "message": self.message } });
        let mut response = (self.status, Json(body)).into_response();
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Who asks. Every handler takes it first, so that nothing is read for a stranger.
#[derive(Debug)]
pub(super) struct Caller(pub(super) OpContext);

impl FromRequestParts<AppState> for Caller {
    type Rejection = GraphError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> GraphResult<Self> {
        match parts.extensions.get::<OpContext>() {
            Some(ctx) => Ok(Self(OpContext {
                origin: Origin::Rest,
                ..ctx.clone()
            })),
            None => Err(GraphError::unauthenticated(base(state))),
        }
    }
}

impl Caller {
    /// A use case's refusal as the directory writes it.
    pub(super) fn refuse(&self, error: services::Error) -> GraphError {
        error.into_problem(&self.0.request_id).into()
    }
}
