//! Going on in another organisation.

use app::features::account::CurrentSession;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::Problem;
use serde::Deserialize;
use uuid::Uuid;

use crate::auth::cookie;
use crate::auth::visit::Visitor;
use crate::middleware::Signed;
use crate::middleware::refusal::Refusal;
use crate::state::AppState;

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Wish {
    tenant: Uuid,
}

/// Replaces the session by one in the other organisation; the old cookie is worth nothing then.
pub(super) async fn switch(
    State(state): State<AppState>,
    signed: Signed,
    Visitor(visit): Visitor,
    parts: Parts,
    Form(wish): Form<Wish>,
) -> Response {
    let ctx = signed.context;
    let Some(CurrentSession(session)) = parts.extensions.get::<CurrentSession>().copied() else {
        let problem = Problem::not_found("The session");
        return Refusal::of(problem, &parts).into_response();
    };
    match state
        .services
        .tenant_switch(&ctx, session, wish.tenant, &visit)
        .await
    {
        Ok(opened) => {
            cookie::set_session((StatusCode::SEE_OTHER, [(LOCATION, "/")]), &opened.secret)
        }
        Err(error) => Refusal::of(error.into_problem(&ctx.request_id), &parts).into_response(),
    }
}
