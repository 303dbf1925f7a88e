//! A handler that panics answers like any other internal failure.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use services::Error;

use super::RequestId;
use super::refusal::Refusal;

/// Turns a panic into the page or envelope of an internal failure; the log gets its text.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let request_id = RequestId::of(request.extensions());
    let headers = request.headers().clone();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let error = Error::internal(format!("panic: {}", text(panic.as_ref())));
            Refusal::new(error.into_problem(&request_id.0), &headers, &request_id).into_response()
        }
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a text")
}
