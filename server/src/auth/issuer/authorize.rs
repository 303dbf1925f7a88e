//! The authorization endpoint: asks a person who they are, and gives the client a code.

use app::features::signin::Credentials;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Code, Problem};
use leptos::prelude::*;
use serde::Deserialize;
use services::identity::NewCode;

use super::authority::Authority;
use super::request::{self, AuthorizationRequest, Refused};
use crate::auth::token::issuer;
use crate::auth::visit::Visitor;
use crate::auth::{base, page};
use crate::state::AppState;

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Answer {
    user_name: String,
    password: String,
}

/// Shows the sign-in form.
pub(super) async fn ask(
    State(state): State<AppState>,
    authority: Authority,
    query: Result<Query<request::Query>, QueryRejection>,
    parts: Parts,
) -> Response {
    match check(&state, &authority, query) {
        Ok(request) => form(&state, &authority, parts, request.login_hint, None).await,
        Err(refused) => refuse(&state, refused, parts).await,
    }
}

/// Checks what was typed, and sends the browser back to the client with a code.
pub(super) async fn answer(
    State(state): State<AppState>,
    authority: Authority,
    query: Result<Query<request::Query>, QueryRejection>,
    Visitor(visit): Visitor,
    parts: Parts,
    typed: Result<Form<Answer>, FormRejection>,
) -> Response {
    let request = match check(&state, &authority, query) {
        Ok(request) => request,
        Err(refused) => return refuse(&state, refused, parts).await,
    };
    let Ok(Form(typed)) = typed else {
        let problem = Problem::new(
            Code::InvalidRequest,
            "Give your user name and your password.",
        );
        return form(&state, &authority, parts, String::new(), Some(problem)).await;
    };
    let verified = state
        .services
        .account_verify(
            authority.tenant(),
            &typed.user_name,
            &typed.password,
            &visit,
        )
        .await;
    let caller = match verified {
        Ok(caller) => caller,
        Err(error) => {
            let problem = error.into_problem(&visit.request_id);
            return form(&state, &authority, parts, typed.user_name, Some(problem)).await;
        }
    };
    let code = NewCode {
        client_id: request.client.id.to_owned(),
        principal: caller.principal,
        tenant: caller.tenant,
        redirect_uri: request.client.redirect_uri.clone(),
        nonce: request.nonce,
        code_challenge: request.code_challenge,
        scope: request.scope,
    };
    let code = match state.services.code_create(code).await {
        Ok(code) => code,
        Err(error) => {
            let problem = error.into_problem(&visit.request_id);
            return form(&state, &authority, parts, typed.user_name, Some(problem)).await;
        }
    };
    let issuer = issuer(base(&state), caller.tenant);
    match request::answer(
        &request.client,
        Some(&issuer),
        request.state.as_deref(),
        &[("code", &code)],
    ) {
        Some(address) => redirect(address.as_str()),
        None => {
            refuse(
                &state,
                Refused::Here("The program's own address can't be read."),
                parts,
            )
            .await
        }
    }
}

fn check(
    state: &AppState,
    authority: &Authority,
    query: Result<Query<request::Query>, QueryRejection>,
) -> Result<AuthorizationRequest, Refused> {
    let Query(query) = query.map_err(|_| Refused::Here("The request to sign in can't be read."))?;
    let issuer = authority.tenant().map(|tenant| issuer(base(state), tenant));
    query.check(base(state), issuer.as_deref())
}

async fn form(
    state: &AppState,
    authority: &Authority,
    parts: Parts,
    user_name: String,
    problem: Option<Problem>,
) -> Response {
    let status = problem
        .as_ref()
        .map_or(200, |problem| problem.code.status());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let action = parts
        .uri
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default();
    let organisation = match authority {
        Authority::Tenant(tenant) => Some(tenant.name.clone()),
        Authority::Any(_) => None,
    };
    let mut response = page::draw(state, parts, status, move || {
        view! {
            <Credentials
                action=action.clone()
                organisation=organisation.clone()
                user_name=user_name.clone()
                problem=problem.clone()
            />
        }
    })
    .await;
    if status == StatusCode::TOO_MANY_REQUESTS {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("30"));
    }
    response
}

async fn refuse(state: &AppState, refused: Refused, parts: Parts) -> Response {
    match refused {
        Refused::There(address) => redirect(address.as_str()),
        Refused::Here(text) => {
            let text = format!(
                "{text} Nothing was sent to it. Go back to where you came from, or sign in to the portal."
            );
            page::message(
                state,
                parts,
                StatusCode::BAD_REQUEST,
                "Sign-in refused",
                text,
                "Sign in to the portal",
            )
            .await
        }
    }
}

fn redirect(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response()
}
