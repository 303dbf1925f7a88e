//! The end of a sign-in: a straight line of refusals, and a session at its end.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::Response;
use chrono::TimeDelta;
use openidconnect::{AuthorizationCode, Nonce, PkceCodeVerifier, TokenResponse};
use serde::Deserialize;
use services::identity::{LOCAL_ISSUER, Visit};
use uuid::Uuid;

use super::client;
use super::refusal::SigninRefusal;
use crate::auth::token::issuer;
use crate::auth::visit::Visitor;
use crate::auth::{base, cookie, page};
use crate::middleware::RequestId;
use crate::state::AppState;

/// How far an issuer's clock may be ahead of ours.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// What an issuer sends along with the browser.
#[derive(Deserialize)]
pub(super) struct Answer {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// A sign-in that succeeded.
struct Success {
    secret: String,
    return_to: String,
}

/// Finishes the sign-in.
pub(super) async fn finish(
    State(state): State<AppState>,
    Visitor(visit): Visitor,
    Query(answer): Query<Answer>,
    parts: Parts,
) -> Response {
    let browser = cookie::read(&parts.headers, cookie::SIGNIN);
    let before = cookie::read(&parts.headers, cookie::SESSION);
    match sign_in(
        &state,
        &visit,
        answer,
        browser.as_deref(),
        before.as_deref(),
    )
    .await
    {
        Ok(success) => {
            let response = (StatusCode::SEE_OTHER, [(LOCATION, success.return_to)]);
            cookie::clear(
                cookie::set_session(response, &success.secret),
                cookie::SIGNIN,
            )
        }
        Err(refusal) => refuse(&state, parts, refusal).await,
    }
}

async fn sign_in(
    state: &AppState,
    visit: &Visit,
    answer: Answer,
    browser: Option<&str>,
    before: Option<&str>,
) -> Result<Success, SigninRefusal> {
    let services = &state.services;
    let csrf = answer.state.ok_or(SigninRefusal::StateMissing)?;
    let login = services.login_finish(&csrf, browser).await??;
    if let Some(answered) = answer.iss.filter(|answered| *answered != login.issuer) {
        return Err(SigninRefusal::IssuerMixedUp {
            asked: login.issuer,
            answered,
        });
    }
    if let Some(error) = answer.error {
        return Err(SigninRefusal::ByIssuer {
            error,
            description: answer.error_description.unwrap_or_default(),
        });
    }
    let code = answer.code.ok_or(SigninRefusal::CodeMissing)?;
    let client = client::discover(state, &login.issuer).await?;
    let http = |request| client::send(state.clone(), request);
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|error| SigninRefusal::Exchange(error.to_string()))?
        .set_pkce_verifier(PkceCodeVerifier::new(login.pkce_verifier))
        .request_async(&http)
        .await
        .map_err(|error| SigninRefusal::Exchange(error.to_string()))?;
    let id_token = tokens.id_token().ok_or(SigninRefusal::NoIdToken)?;
    let now = services.now();
    let verifier = client
        .id_token_verifier()
        .set_time_fn(move || now)
        .set_issue_time_verifier_fn(move |issued| {
            if issued > now + SKEW {
                Err("it was issued in the future".to_owned())
            } else {
                Ok(())
            }
        });
    let claims = id_token.claims(&verifier, &Nonce::new(login.nonce))?;
    let told = claims.additional_claims();
    let tenant = told
        .tid
        .filter(|tenant| issuer(base(state), *tenant) == login.issuer);
    let tenant = tenant.ok_or(SigninRefusal::WrongTenant(told.tid))?;
    let principal = person(state, tenant, claims.subject().as_str()).await?;
    let caller = services.caller_load(principal, tenant).await?;
    let session = services
        .session_create(&caller, told.sid, before, visit)
        .await?;
    tracing::info!(principal.id = %principal, session.id = %session.id, request.id = visit.request_id, "signed in");
    Ok(Success {
        secret: session.secret,
        return_to: login.return_to,
    })
}

async fn person(state: &AppState, tenant: Uuid, subject: &str) -> Result<Uuid, SigninRefusal> {
    let found = state
        .services
        .principal_by_subject(tenant, LOCAL_ISSUER, subject)
        .await?;
    found.ok_or_else(|| SigninRefusal::UnknownPerson(subject.to_owned()))
}

/// Tells the person in a sentence and the operator in a line of the log.
pub(super) async fn refuse(state: &AppState, parts: Parts, refusal: SigninRefusal) -> Response {
    let request_id = RequestId::of(&parts.extensions).0;
    let text = refusal.sentence();
    let status = if refusal.is_ours() {
        tracing::error!(request.id = request_id, "a sign-in failed: {refusal}");
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        tracing::warn!(request.id = request_id, "a sign-in was refused: {refusal}");
        StatusCode::BAD_REQUEST
    };
    page::message(
        state,
        parts,
        status,
        "Sign-in refused",
        text,
        "Sign in again",
    )
    .await
}
