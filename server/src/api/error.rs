//! The one shape in which the API refuses.

use axum::extract::rejection::QueryRejection;
use axum::response::{IntoResponse, Response};
use axum::{Json, http};
use domain::{Code, Problem, Rule, Violation};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

tokio::task_local! {
    /// The id of the request that this task answers: what an internal failure tells its user.
    pub(super) static REQUEST_ID: String;
}

/// The refusal of an answer, for those within the process who go on with it.
#[derive(Debug, Clone)]
pub(super) struct Refused(pub(super) Problem);

/// A refusal on its way out of a handler.
#[derive(Debug)]
pub(crate) struct ApiError {
    problem: Box<Problem>,
    /// A code that clients of one operation know, in place of the problem's own.
    code: Option<&'static str>,
    /// `WWW-Authenticate`, when the caller is unknown.
    challenge: Option<HeaderValue>,
}

/// The result of a handler.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// Answers another code than the problem's own, because clients of this operation look for it.
    pub(crate) fn coded(mut self, from: Code, code: &'static str) -> Self {
        if self.problem.code == from {
            self.code = Some(code);
        }
        self
    }

    /// What the caller may not know of, or what is not there.
    pub(crate) fn is_not_found(&self) -> bool {
        self.problem.code == Code::ResourceNotFound
    }

    /// Nobody is signed in; clients read from the challenge where to get a token. ARM rule 1.
    pub(super) fn unauthenticated(base: &str) -> Self {
        let challenge = format!(
            "Bearer authorization_uri=\"{base}/common\", error=\"invalid_token\", \
             error_description=\"The request bears no access token.\""
        );
        let problem = Problem::new(
            Code::AuthenticationFailed,
            "Authentication failed: send an access token as “Authorization: Bearer …”.",
        );
        Self {
            challenge: HeaderValue::try_from(challenge).ok(),
            ..Self::from(problem)
        }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self {
            problem: Box::new(problem),
            code: None,
            challenge: None,
        }
    }
}

impl From<Violation> for ApiError {
    fn from(violation: Violation) -> Self {
        Problem::from_violations(vec![violation]).into()
    }
}

impl From<services::Error> for ApiError {
    fn from(error: services::Error) -> Self {
        let request_id = REQUEST_ID.try_with(Clone::clone).unwrap_or_default();
        error.into_problem(&request_id).into()
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Problem::new(Code::InvalidRequest, rejection.body_text())
            .at("query")
            .into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.code.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let refused = Refused((*self.problem).clone());
        let mut error = ErrorDetail::from(*self.problem);
        if let Some(code) = self.code {
            code.clone_into(&mut error.code);
        }
        let mut response = (status, Json(ErrorResponse { error })).into_response();
        response.extensions_mut().insert(refused);
        if let Some(challenge) = self.challenge {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        if matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        ) {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// Every refusal's body.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorResponse {
    /// What went wrong.
    error: ErrorDetail,
}

/// What went wrong, and every single fault.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorDetail {
    /// The kind of fault, for programs.
    code: String,
    /// A sentence for a person.
    message: String,
    /// The field or resource that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    /// One entry per broken rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    details: Vec<ErrorDetail>,
}

impl From<Problem> for ErrorDetail {
    fn from(problem: Problem) -> Self {
        Self {
            code: problem.code.to_string(),
            message: problem.message,
            target: problem.target,
            details: problem.details.iter().map(Self::from).collect(),
        }
    }
}

impl From<&Violation> for ErrorDetail {
    fn from(violation: &Violation) -> Self {
        // What stopped a deployment has a code of its own.
        let own = violation.params.get("code").cloned();
        let own = own.filter(|_| violation.code == Rule::ResourceFailed);
        Self {
            code: own.unwrap_or_else(|| violation.code.as_str()),
            message: violation.sentence(),
            target: Some(violation.target.clone()),
            details: Vec::new(),
        }
    }
}
