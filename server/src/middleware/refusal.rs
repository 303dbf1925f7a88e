//! Refusals that no handler wrote: as a page for people, in the ARM envelope for programs.

use axum::Json;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Problem;
use serde_json::json;

use super::RequestId;

/// A refusal on its way to whoever asked.
#[derive(Debug)]
pub struct Refusal {
    problem: Box<Problem>,
    as_page: bool,
    request_id: String,
}

impl Refusal {
    /// The refusal in the form that this request accepts.
    #[must_use]
    pub fn new(problem: Problem, headers: &HeaderMap, request_id: &RequestId) -> Self {
        Self {
            problem: Box::new(problem),
            as_page: wants_page(headers),
            request_id: request_id.0.clone(),
        }
    }

    /// The refusal for the request of these parts.
    #[must_use]
    pub fn of(problem: Problem, parts: &Parts) -> Self {
        Self::new(problem, &parts.headers, &RequestId::of(&parts.extensions))
    }
}

/// Whether the request comes from a browser that shows what it gets.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.contains("text/html"))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = *self.problem;
        let status = StatusCode::from_u16(problem.code.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if self.as_page {
            let page = page(&problem, &self.request_id);
            return (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response();
        }
        let error = json!({ "error": { "code": problem.code, "message": problem.message, "target": problem.target } });
        (status, Json(error)).into_response()
    }
}

/// A page without style or script: it must come up when nothing else does.
fn page(problem: &Problem, request_id: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{code} · Vitrine</title></head>\
         <body><main><h1>{code}</h1><p>{message}</p><p>Request <code>{request}</code></p>\
         <p><a href=\"/\">Go to the start</a></p></main></body></html>\n",
        code = problem.code,
        message = escape(&problem.message),
        request = escape(request_id),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
