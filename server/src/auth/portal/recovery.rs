//! New recovery codes.

use app::features::account::factor::{FACTORS, NEW_CODES};
use app::features::account::{CurrentSession, IssuedCodes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use leptos::server_fn::error::ServerFnUrlError;

use crate::auth::{base, page};
use crate::middleware::Signed;
use crate::middleware::refusal::{Refusal, wants_page};
use crate::state::AppState;

/// Makes new recovery codes and shows them in the answer itself, this once.
pub(super) async fn create(
    State(state): State<AppState>,
    signed: Signed,
    parts: Parts,
) -> Response {
    let ctx = signed.context;
    let session = parts.extensions.get::<CurrentSession>().map(|held| held.0);
    match state.services.recovery_codes_create(&ctx, session).await {
        Ok(codes) => {
            page::draw(&state, parts, StatusCode::OK, move || {
                view! { <IssuedCodes codes=codes.clone() /> }
            })
            .await
        }
        Err(error) => {
            let problem = error.into_problem(&ctx.request_id);
            // Back to the list, with what was wrong.
            let refusal = ServerFnUrlError::new(NEW_CODES, app::refusal::Refusal(problem.clone()));
            let list = format!("{}{FACTORS}", base(&state));
            match refusal.to_url(&list) {
                Ok(address) if wants_page(&parts.headers) => {
                    (StatusCode::SEE_OTHER, [(LOCATION, address.to_string())]).into_response()
                }
                _ => Refusal::of(problem, &parts).into_response(),
            }
        }
    }
}
