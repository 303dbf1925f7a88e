//! From cookie or bearer token to the caller, once per request.

use app::features::account::CurrentSession;
use app::ssr::SignedIn;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Caller, Code, OpContext, Origin};
use serde_json::json;

use super::bearer::{self, BearerRefusal};
use super::cookie;
use super::resource::Resource;
use crate::middleware::RequestId;
use crate::middleware::refusal::Refusal;
use crate::state::AppState;

/// Where clients put tokens of other tenants. Rule C3.
const AUXILIARY: &str = "x-ms-authorization-auxiliary";

/// Most of them, as the modelled service has it.
const AUXILIARY_MOST: usize = 3;

/// Who asks, as far as the headers tell.
#[derive(Debug)]
enum Recognised {
    /// Neither cookie nor token, or a cookie whose session has ended.
    Nobody,
    /// A browser.
    Browser(services::identity::SignedIn),
    /// A program.
    Program(Caller),
}

/// Puts the caller into the request's extensions. A bad token is refused here; a bad cookie is nobody's.
pub(crate) async fn caller_layer(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let request_id = RequestId::of(request.extensions());
    let resource = Resource::of_path(request.uri().path());
    let recognised = match recognise(&state, request.headers(), resource).await {
        Ok(recognised) => recognised,
        Err(BearerRefusal::Internal(error)) => {
            let problem = error.into_problem(&request_id.0);
            return Refusal::new(problem, request.headers(), &request_id).into_response();
        }
        Err(refusal) => {
            tracing::info!(
                request.id = request_id.0,
                "a bearer token was refused: {refusal}"
            );
            return challenge(&state, &refusal);
        }
    };
    let extensions = request.extensions_mut();
    match recognised {
        Recognised::Nobody => {}
        Recognised::Browser(who) => {
            let op = context(&state, who.caller, request_id, Origin::Portal);
            extensions.insert(op.clone());
            extensions.insert(CurrentSession(who.session));
            extensions.insert(SignedIn {
                op,
                tenant_name: who.tenant_name,
            });
        }
        Recognised::Program(caller) => {
            extensions.insert(context(&state, caller, request_id, Origin::Rest));
        }
    }
    next.run(request).await
}

/// Who asks now: for connections that outlive the request that opened them.
pub(crate) async fn resolve(
    state: &AppState,
    headers: &HeaderMap,
    request_id: &RequestId,
) -> Option<OpContext> {
    match recognise(state, headers, Resource::Management).await {
        Ok(Recognised::Browser(who)) => Some(context(
            state,
            who.caller,
            request_id.clone(),
            Origin::Portal,
        )),
        Ok(Recognised::Program(caller)) => {
            Some(context(state, caller, request_id.clone(), Origin::Rest))
        }
        Ok(Recognised::Nobody) => None,
        Err(BearerRefusal::Internal(error)) => {
            tracing::error!(error = %error, request.id = request_id.0, "a connection's caller could not be looked up");
            None
        }
        Err(_) => None,
    }
}

async fn recognise(
    state: &AppState,
    headers: &HeaderMap,
    resource: Resource,
) -> Result<Recognised, BearerRefusal> {
    if let Some(token) = bearer_of(headers) {
        let mut caller = bearer::verify(state, token, resource).await?;
        for token in auxiliary_of(headers)? {
            let other = bearer::verify(state, token, resource).await?;
            state.services.caller_lend(&mut caller, &other).await?;
        }
        return Ok(Recognised::Program(caller));
    }
    let Some(secret) = cookie::read(headers, cookie::SESSION) else {
        return Ok(Recognised::Nobody);
    };
    let who = state.services.session_resolve(&secret).await?;
    Ok(who.map_or(Recognised::Nobody, Recognised::Browser))
}

fn bearer_of(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Tokens of other tenants in which the same program is known: by them it reads images there. Clients send them in
/// one header, `Bearer …, Bearer …`.
fn auxiliary_of(headers: &HeaderMap) -> Result<Vec<&str>, BearerRefusal> {
    let Some(value) = headers.get(AUXILIARY) else {
        return Ok(Vec::new());
    };
    let text = value.to_str().map_err(|_| BearerRefusal::Malformed)?;
    let tokens = text.split(',').map(|part| {
        let (scheme, token) = part.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let tokens: Option<Vec<&str>> = tokens.collect();
    tokens
        .filter(|tokens| tokens.len() <= AUXILIARY_MOST)
        .ok_or(BearerRefusal::Malformed)
}

fn context(state: &AppState, caller: Caller, request_id: RequestId, origin: Origin) -> OpContext {
    OpContext {
        caller,
        request_id: request_id.0,
        now: state.services.now(),
        origin,
    }
}

/// 401 in the shape that clients of the modelled service know.
fn challenge(state: &AppState, refusal: &BearerRefusal) -> Response {
    let base = super::base(state);
    let challenge = format!(
        "Bearer authorization_uri=\"{base}/common\", error=\"invalid_token\", error_description=\"{refusal}\""
    );
    let error =
        json!({ "error": { "code": Code::AuthenticationFailed, "message": refusal.to_string() } });
    (
        StatusCode::UNAUTHORIZED,
        [(WWW_AUTHENTICATE, challenge)],
        Json(error),
    )
        .into_response()
}
