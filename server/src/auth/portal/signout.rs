//! The end of a session, by the person's own wish.

use app::features::account::CurrentSession;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::OpContext;

use crate::auth::{cookie, page};
use crate::middleware::refusal::Refusal;
use crate::state::AppState;

/// Ends this browser's session; without one there is only a cookie to take away.
pub(super) async fn end(State(state): State<AppState>, parts: Parts) -> Response {
    let signed_in = parts
        .extensions
        .get::<OpContext>()
        .zip(parts.extensions.get::<CurrentSession>());
    if let Some((ctx, session)) = signed_in
        && let Err(error) = state.services.session_revoke(ctx, session.0).await
    {
        let problem = error.into_problem(&ctx.request_id);
        // Somebody else may have ended it this moment; then all is as it was wished.
        if problem.code != domain::Code::ResourceNotFound {
            return Refusal::of(problem, &parts).into_response();
        }
    }
    let response = (StatusCode::SEE_OTHER, [(LOCATION, "/signed-out")]);
    cookie::clear(response, cookie::SESSION)
}

/// Says that it is done.
pub(super) async fn ended(State(state): State<AppState>, parts: Parts) -> Response {
    let text = "Your session in this browser has ended.".to_owned();
    page::message(
        &state,
        parts,
        StatusCode::OK,
        "Signed out",
        text,
        "Sign in again",
    )
    .await
}
