//! Sign-ins that a program without a browser begins and that a person finishes in theirs (RFC 8628).

use axum::Form;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use services::identity::{DEVICE_INTERVAL, DevicePoll, Visit};

use super::authority::Authority;
use super::error::OAuthError;
use super::person::{Given, give, load};
use super::program::named;
use super::token::Exchange;
use crate::auth::base;
use crate::auth::clients::{self, Client};
use crate::auth::resource::Asked;
use crate::auth::visit::Visitor;
use crate::state::AppState;

/// Longest scope that is carried along.
const LONGEST: usize = 1024;

/// What a program begins with.
#[derive(Deserialize, Default)]
pub(super) struct Wish {
    client_id: Option<String>,
    scope: Option<String>,
}

/// Gives a program the code to ask with and the one to show.
pub(super) async fn begin(
    State(state): State<AppState>,
    authority: Authority,
    Visitor(visit): Visitor,
    form: Result<Form<Wish>, FormRejection>,
) -> Response {
    let wish = form.map(|Form(wish)| wish).unwrap_or_default();
    match start(&state, &authority, &visit, wish).await {
        Ok(response) => response,
        Err(error) => error.respond(&state, &visit.request_id),
    }
}

async fn start(
    state: &AppState,
    authority: &Authority,
    visit: &Visit,
    wish: Wish,
) -> Result<Response, OAuthError> {
    let internal = |error| OAuthError::internal(error, &visit.request_id);
    state.services.attempt_check(visit).map_err(internal)?;
    let id = wish
        .client_id
        .ok_or_else(|| OAuthError::missing("client_id"))?;
    let client = clients::find(state, &id).await.map_err(internal)?;
    let client = client.ok_or_else(|| OAuthError::unknown_client(&id))?;
    if client != Client::CommandLine {
        let description = "Device codes are for the command line; applications sign in with credentials of their own.";
        return Err(OAuthError::bad("unauthorized_client", 700_025, description));
    }
    let scope = wish.scope.unwrap_or_default();
    if scope.len() > LONGEST {
        return Err(OAuthError::bad(
            "invalid_scope",
            70_011,
            "The scope is too long.",
        ));
    }
    if let Asked::Unknown(asked) = Asked::of(base(state), &scope) {
        return Err(OAuthError::unknown_resource(&asked));
    }
    let begun = state
        .services
        .device_begin(&client.id(), authority.tenant(), &scope, visit)
        .await
        .map_err(internal)?;
    let address = format!("{}/device", base(state));
    let life = begun.expires_at - state.services.now();
    let message = format!(
        "To sign in, use a web browser to open the page {address} and enter the code {} to authenticate.",
        begun.user_code
    );
    let body = json!({
        "user_code": begun.user_code,
        "device_code": begun.device_code,
        "verification_uri": address,
        "expires_in": life.num_seconds(),
        "interval": DEVICE_INTERVAL.num_seconds(),
        "message": message,
    });
    let headers = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((headers, Json(body)).into_response())
}

/// Answers a program that asks whether its person came.
pub(super) async fn finish(exchange: &Exchange<'_>) -> Result<Response, OAuthError> {
    let client = named(exchange).await?;
    let code = exchange.request.device_code.as_ref();
    // The first version of the protocol calls it `code`.
    let code = code
        .or(exchange.request.code.as_ref())
        .ok_or_else(|| OAuthError::missing("device_code"))?;
    let services = &exchange.state.services;
    let poll = services
        .device_poll(code, &client.id())
        .await
        .map_err(|error| exchange.internal(error))?;
    let (principal, tenant, scope) = match poll {
        DevicePoll::Agreed {
            principal,
            tenant,
            scope,
        } => (principal, tenant, scope),
        DevicePoll::Pending => {
            let description = "Nobody has entered the code yet.";
            return Err(OAuthError::bad(
                "authorization_pending",
                70_016,
                description,
            ));
        }
        DevicePoll::TooFast => {
            let description = "Ask less often.";
            return Err(OAuthError::bad("slow_down", 70_016, description));
        }
        DevicePoll::Declined => {
            let description = "The person refused the sign-in.";
            return Err(OAuthError::bad(
                "authorization_declined",
                65_004,
                description,
            ));
        }
        DevicePoll::Expired => {
            services.attempt_failed(exchange.visit);
            let description = "The code has expired, was used, or is unknown. Start again.";
            return Err(OAuthError::bad("expired_token", 70_020, description));
        }
    };
    let caller = load(exchange, principal, tenant).await?;
    let given = Given {
        caller,
        home: (principal, tenant),
        family: services.new_id(),
        asked: Asked::of(exchange.base(), &scope),
        scope,
        nonce: None,
        refresh_token: None,
    };
    give(exchange, &client, given).await
}
