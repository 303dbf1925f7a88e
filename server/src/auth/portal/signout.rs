//! The end of a session, by the person's own wish.

use app::features::account::CurrentSession;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::OpContext;
use services::identity::Farewell;
use url::Url;

use super::client::Way;
use crate::auth::{base, cookie, page};
use crate::middleware::refusal::Refusal;
use crate::state::AppState;

/// Ends this browser's session, then leads to where the person may sign out of the provider as well; without a
/// session there is only a cookie to take away.
pub(super) async fn end(State(state): State<AppState>, parts: Parts) -> Response {
    let signed_in = parts
        .extensions
        .get::<OpContext>()
        .cloned()
        .zip(parts.extensions.get::<CurrentSession>().copied());
    let mut farewell = None;
    if let Some((ctx, session)) = signed_in {
        let ended = async {
            let farewell = state.services.session_farewell(&ctx, session.0).await?;
            state.services.session_revoke(&ctx, session.0).await?;
            Ok::<_, services::Error>(farewell)
        };
        match ended.await {
            Ok(found) => farewell = found,
            Err(error) => {
                let problem = error.into_problem(&ctx.request_id);
                // Somebody else may have ended it this moment; then all is as it was wished.
                if problem.code != domain::Code::ResourceNotFound {
                    return Refusal::of(problem, &parts).into_response();
                }
            }
        }
    }
    let there = match farewell {
        Some(farewell) => elsewhere(&state, farewell).await,
        None => None,
    };
    let response = match there {
        // A form leads to our own pages alone, so a page leads to the other site.
        Some(address) => page::lead(&state, parts, &address).await,
        None => (StatusCode::SEE_OTHER, [(LOCATION, "/signed-out")]).into_response(),
    };
    cookie::clear(response, cookie::SESSION)
}

/// Where the person signs out of the provider, when it offers that; RP-Initiated Logout 1.0.
async fn elsewhere(state: &AppState, farewell: Farewell) -> Option<Url> {
    let provider = match state.services.provider_client(farewell.provider).await {
        Ok(provider) => provider?,
        Err(error) => {
            tracing::warn!(error = %error, "a provider to sign out of could not be looked up");
            return None;
        }
    };
    let way = Way::Provider(Box::new(provider));
    let place = way.place(state)?;
    // A provider that does not answer keeps nobody signed in here.
    let about = state
        .providers
        .about(&place, state.services.now())
        .await
        .ok()?;
    let mut address = about.end_session.clone()?;
    address
        .query_pairs_mut()
        .append_pair("id_token_hint", &farewell.id_token)
        .append_pair("client_id", &way.client_id(state))
        .append_pair(
            "post_logout_redirect_uri",
            &format!("{}/signed-out", base(state)),
        );
    Some(address)
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
