//! Tokens for scripts.

use app::features::signin::IssuedToken;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use domain::{Code, Origin, Problem};
use leptos::prelude::*;

use crate::auth::token::{Claims, LIFE, sign};
use crate::auth::{base, page};
use crate::middleware::Signed;
use crate::middleware::refusal::Refusal;
use crate::state::AppState;

/// Makes a token of the signed-in person and shows it in the answer itself, this once.
pub(super) async fn create(
    State(state): State<AppState>,
    signed: Signed,
    parts: Parts,
) -> Response {
    let ctx = signed.context;
    // A token that could make the next one would never end.
    if ctx.origin != Origin::Portal {
        let problem = Problem::new(
            Code::AuthorizationFailed,
            "Tokens are made in the browser, by one who signed in there.",
        );
        return Refusal::of(problem, &parts).into_response();
    }
    let now = state.services.now();
    let audience = base(&state);
    let claims = Claims {
        scp: Some("user_impersonation".to_owned()),
        ..Claims::new(audience, audience, &ctx.caller, now)
    };
    let token = match sign(&state.services, claims).await {
        Ok(token) => token,
        Err(error) => {
            return Refusal::of(error.into_problem(&ctx.request_id), &parts).into_response();
        }
    };
    if let Err(error) = state.services.token_created(&ctx).await {
        return Refusal::of(error.into_problem(&ctx.request_id), &parts).into_response();
    }
    let (base, expires_at) = (audience.to_owned(), now + TimeDelta::seconds(LIFE));
    page::draw(&state, parts, StatusCode::OK, move || {
        view! { <IssuedToken token=token.clone() expires_at base=base.clone() /> }
    })
    .await
}
