//! The authorization endpoint: asks a person who they are, and gives the client a code.
//!
//! The portal's own sign-in comes here with user name and password, and a second factor where the account has one. All other clients meet somebody who is signed in to
//! the portal, however that organisation signs people in, and who agrees by a button: see `agree`.

use app::features::signin::Credentials;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Caller, Code, Problem};
use leptos::prelude::*;
use serde::Deserialize;
use services::identity::{NewCode, Verified};

use super::agree;
use super::authority::Authority;
use super::form_post;
use super::request::{self, AuthorizationRequest, Mode, Purpose, Refused};
use super::second;
use crate::auth::clients::{self, Client};
use crate::auth::token::issuer;
use crate::auth::visit::Visitor;
use crate::auth::{base, page};
use crate::middleware::RequestId;
use crate::state::AppState;

/// What the forms send: name and password, what is asked for besides, or that the person agrees.
#[derive(Deserialize, Default)]
pub(super) struct Answer {
    user_name: Option<String>,
    password: Option<String>,
    agree: Option<String>,
    #[serde(flatten)]
    second: second::Shown,
}

/// Shows the form that signs in, or that agrees.
pub(super) async fn ask(
    State(state): State<AppState>,
    authority: Authority,
    query: Result<Query<request::Query>, QueryRejection>,
    parts: Parts,
) -> Response {
    match check(&state, &authority, query, &parts).await {
        Ok(request) if request.client == Client::Portal => {
            form(&state, &authority, parts, request.login_hint, None).await
        }
        Ok(request) => agree::ask(&state, &authority, parts, request).await,
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
    let request = match check(&state, &authority, query, &parts).await {
        Ok(request) => request,
        Err(refused) => return refuse(&state, refused, parts).await,
    };
    let typed = typed.map(|Form(typed)| typed).unwrap_or_default();
    if request.client != Client::Portal {
        if typed.agree.is_none() {
            return agree::ask(&state, &authority, parts, request).await;
        }
        return agree::agreed(&state, &authority, parts, request).await;
    }
    if let Some((step, proof)) = typed.second.read() {
        return second::answer(&state, &authority, parts, request, (step, proof), &visit).await;
    }
    let (Some(user_name), Some(password)) = (typed.user_name, typed.password) else {
        let problem = Problem::new(
            Code::InvalidRequest,
            "Give your user name and your password.",
        );
        return form(&state, &authority, parts, String::new(), Some(problem)).await;
    };
    let verified = state
        .services
        .account_verify(authority.tenant(), &user_name, &password, &visit)
        .await;
    let caller = match verified {
        Ok(Verified::Whole(caller)) => caller,
        Ok(Verified::Half(step)) => return second::draw(&state, parts, step, None).await,
        Err(error) => {
            let problem = error.into_problem(&visit.request_id);
            return form(&state, &authority, parts, user_name, Some(problem)).await;
        }
    };
    give_code(&state, parts, request, &caller).await
}

/// Makes a code for the person and sends it to the client.
pub(super) async fn give_code(
    state: &AppState,
    parts: Parts,
    request: AuthorizationRequest,
    caller: &Caller,
) -> Response {
    let unreadable = Refused::Here("The program's own address can't be read.");
    let (Purpose::Code(challenge), Some(redirect_uri)) = (&request.purpose, &request.redirect_uri)
    else {
        return refuse(state, unreadable, parts).await;
    };
    let code = NewCode {
        client_id: request.client.id(),
        principal: caller.principal,
        tenant: caller.tenant,
        redirect_uri: redirect_uri.clone(),
        nonce: request.nonce.clone(),
        code_challenge: challenge.clone(),
        scope: request.scope.clone(),
    };
    let code = match state.services.code_create(code).await {
        Ok(code) => code,
        Err(error) => {
            let problem = error.into_problem(&RequestId::of(&parts.extensions).0);
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            let (title, action) = ("Sign-in failed", "Sign in to the portal");
            return page::message(state, parts, status, title, problem.message, action).await;
        }
    };
    let issuer = issuer(base(state), caller.tenant);
    let fields = [("code", code.as_str())];
    match (
        request.mode,
        request.origin(),
        request.answer(Some(&issuer), &fields),
    ) {
        (Mode::FormPost, Some(origin), _) => form_post::page(
            redirect_uri,
            &origin,
            &request.fields(Some(&issuer), &fields),
            &state.services.secret(),
        ),
        (Mode::Query, _, Some(address)) => redirect(address.as_str()),
        _ => refuse(state, unreadable, parts).await,
    }
}

async fn check(
    state: &AppState,
    authority: &Authority,
    query: Result<Query<request::Query>, QueryRejection>,
    parts: &Parts,
) -> Result<AuthorizationRequest, Refused> {
    let Query(query) = query.map_err(|_| Refused::Here("The request to sign in can't be read."))?;
    let id = query.client_id.clone().unwrap_or_default();
    let client = clients::find(state, &id).await.map_err(|error| {
        // The log has the reason.
        drop(error.into_problem(&RequestId::of(&parts.extensions).0));
        Refused::Here("The request to sign in could not be checked. Try again.")
    })?;
    let client = client.ok_or(Refused::Here("An unknown program asked you to sign in."))?;
    let issuer = authority.tenant().map(|tenant| issuer(base(state), tenant));
    query.check(base(state), issuer.as_deref(), client)
}

pub(super) async fn form(
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
    let action = address(&parts);
    let organisation = match authority {
        Authority::Tenant(tenant) => Some(tenant.name.clone()),
        Authority::Any(_) => None,
    };
    let response = page::draw(state, parts, status, move || {
        view! {
            <Credentials
                action=action.clone()
                organisation=organisation.clone()
                user_name=user_name.clone()
                problem=problem.clone()
            />
        }
    });
    slowed(response.await)
}

/// Says when to try again, where attempts must wait.
pub(super) fn slowed(mut response: Response) -> Response {
    if response.status() == StatusCode::TOO_MANY_REQUESTS {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("30"));
    }
    response
}

/// Path and query of the request, for the form that comes back to it.
pub(super) fn address(parts: &Parts) -> String {
    parts
        .uri
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// Tells the person, or the client.
pub(super) async fn refuse(state: &AppState, refused: Refused, parts: Parts) -> Response {
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

pub(super) fn redirect(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response()
}
