//! What administrators do that asks other servers: trying a provider out, and proving a domain.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::{Code, OpContext, Problem};
use uuid::Uuid;

use super::client::Way;
use super::signin::{self, Begin};
use crate::auth::page;
use crate::middleware::Signed;
use crate::middleware::refusal::Refusal;
use crate::state::AppState;

/// Begins a test sign-in at a provider, open or not.
pub(super) async fn try_out(
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    signed: Signed,
    parts: Parts,
) -> Response {
    let ctx = signed.context;
    let provider = async {
        // Whether the caller may is decided here; the client itself knows no callers.
        state.services.provider_get(&ctx, id).await?;
        state.services.provider_client(id).await
    };
    let provider = match provider.await {
        Ok(Some(provider)) => provider,
        Ok(None) => {
            let problem = Problem::not_found("The identity provider");
            return Refusal::of(problem, &parts).into_response();
        }
        Err(error) => {
            return Refusal::of(error.into_problem(&ctx.request_id), &parts).into_response();
        }
    };
    let begin = Begin {
        way: Way::Provider(Box::new(provider)),
        hint: String::new(),
        return_to: format!("/admin/providers/{id}"),
        invitation: None,
        tester: Some(ctx.caller.principal),
    };
    match signin::start(&state, &parts.headers, begin).await {
        Ok(begun) => signin::send(&state, parts, begun, true).await,
        Err(refusal) => {
            // An administrator is told more than those who only sign in: it is theirs to mend.
            tracing::warn!(request.id = ctx.request_id, provider.id = %id, "a test sign-in failed: {refusal}");
            let text = format!("{} The reason: {refusal}.", refusal.sentence());
            page::message_to(
                &state,
                parts,
                StatusCode::BAD_GATEWAY,
                "The test failed",
                text,
                ("Back to the provider", format!("/admin/providers/{id}")),
            )
            .await
        }
    }
}

/// Looks for the proof on the domain's own web server.
pub(super) async fn prove(
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    signed: Signed,
    parts: Parts,
) -> Response {
    let ctx = signed.context;
    match proved(&state, &ctx, id).await {
        Ok(()) => (StatusCode::SEE_OTHER, [(LOCATION, "/admin?tab=domains")]).into_response(),
        Err(error) => {
            let problem = error.into_problem(&ctx.request_id);
            if problem.code != Code::Conflict {
                return Refusal::of(problem, &parts).into_response();
            }
            page::message_to(
                &state,
                parts,
                StatusCode::CONFLICT,
                "The domain is not proved yet",
                problem.message,
                ("Back to the domains", "/admin?tab=domains".to_owned()),
            )
            .await
        }
    }
}

async fn proved(state: &AppState, ctx: &OpContext, id: Uuid) -> services::Result<()> {
    let domain = state.services.domain_get(ctx, id).await?;
    let address = format!("https://{}/.well-known/vitrine.txt", domain.name);
    let shown = state
        .providers
        .document(&address)
        .await
        .map_err(|error| Problem::new(Code::Conflict, format!("{error}.")))?;
    let shown = String::from_utf8_lossy(&shown);
    state.services.domain_prove(ctx, id, &shown).await?;
    Ok(())
}
