//! The token endpoint.

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::json;
use services::identity::{CodeRefusal, Redeemed};

use super::authority::Authority;
use crate::auth::resource::Asked;
use crate::auth::token::{Claims, LIFE, sign};
use crate::auth::visit::Visitor;
use crate::auth::{base, clients};
use crate::state::AppState;

/// What a client sends; what it sends besides is ignored.
#[derive(Deserialize, Default)]
pub(super) struct Request {
    grant_type: Option<String>,
    client_id: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
}

/// A refusal in the shape of RFC 6749, with the numbers by which clients of the modelled service know it.
#[derive(Debug)]
pub(super) struct OAuthError {
    status: StatusCode,
    error: &'static str,
    number: u32,
    description: String,
}

impl OAuthError {
    /// A refusal with its name, number and sentence.
    pub(super) fn new(
        status: StatusCode,
        error: &'static str,
        number: u32,
        description: impl Into<String>,
    ) -> Self {
        Self {
            status,
            error,
            number,
            description: description.into(),
        }
    }

    /// A failure of ours; the log has the reason.
    pub(super) fn internal(error: services::Error, request_id: &str) -> Self {
        let problem = error.into_problem(request_id);
        let status = StatusCode::from_u16(problem.code.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let name = if status == StatusCode::TOO_MANY_REQUESTS {
            "temporarily_unavailable"
        } else {
            "server_error"
        };
        Self::new(status, name, 90_033, problem.message)
    }

    /// The response, with what an operator needs to find the request in the log.
    pub(super) fn respond(self, state: &AppState, request_id: &str) -> Response {
        let body = json!({
            "error": self.error,
            "error_description": format!("AADSTS{}: {}", self.number, self.description),
            "error_codes": [self.number],
            "timestamp": state.services.now().format("%Y-%m-%d %H:%M:%SZ").to_string(),
            "trace_id": request_id,
            "correlation_id": request_id,
        });
        (
            self.status,
            [(CACHE_CONTROL, HeaderValue::from_static("no-store"))],
            Json(body),
        )
            .into_response()
    }
}

/// Exchanges what a client holds for tokens.
pub(super) async fn token(
    State(state): State<AppState>,
    authority: Authority,
    Visitor(visit): Visitor,
    form: Result<Form<Request>, FormRejection>,
) -> Response {
    let outcome = async {
        state
            .services
            .attempt_check(&visit)
            .map_err(|error| OAuthError::internal(error, &visit.request_id))?;
        let Form(request) =
            form.map_err(|_| invalid("The request is not a form of the fields that are known."))?;
        let redeemed = redeem(&state, &authority, &visit, request).await?;
        issue(&state, &visit.request_id, redeemed).await
    };
    match outcome.await {
        Ok(response) => response,
        Err(error) => {
            tracing::info!(
                request.id = visit.request_id,
                client.address = visit.address,
                oauth.error = error.error,
                "a token was refused: {}",
                error.description
            );
            error.respond(&state, &visit.request_id)
        }
    }
}

fn invalid(description: &str) -> OAuthError {
    OAuthError::new(
        StatusCode::BAD_REQUEST,
        "invalid_request",
        900_144,
        description,
    )
}

async fn redeem(
    state: &AppState,
    authority: &Authority,
    visit: &services::identity::Visit,
    request: Request,
) -> Result<Redeemed, OAuthError> {
    if request.grant_type.as_deref() != Some("authorization_code") {
        let description = "Only grant_type=authorization_code is supported.";
        return Err(OAuthError::new(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            70_003,
            description,
        ));
    }
    let Some(client) = request
        .client_id
        .as_deref()
        .and_then(|id| clients::find(base(state), id))
    else {
        let description = "The application is not known here.";
        return Err(OAuthError::new(
            StatusCode::BAD_REQUEST,
            "unauthorized_client",
            700_016,
            description,
        ));
    };
    let code = request
        .code
        .ok_or_else(|| invalid("The field code is missing."))?;
    let redirect_uri = request
        .redirect_uri
        .ok_or_else(|| invalid("The field redirect_uri is missing."))?;
    let verifier = request
        .code_verifier
        .ok_or_else(|| invalid("The field code_verifier is missing."))?;
    let redeemed = state
        .services
        .code_redeem(
            authority.tenant(),
            &code,
            client.id,
            &redirect_uri,
            &verifier,
        )
        .await
        .map_err(|error| OAuthError::internal(error, &visit.request_id))?;
    redeemed.map_err(|refusal| {
        state.services.attempt_failed(visit);
        if refusal == CodeRefusal::Reused {
            tracing::warn!(
                request.id = visit.request_id,
                client.address = visit.address,
                "an authorization code came twice; its sessions were ended"
            );
        }
        let number = match refusal {
            CodeRefusal::Unknown | CodeRefusal::ClientMismatch => 9_002_313,
            CodeRefusal::Reused => 54_005,
            CodeRefusal::Expired => 70_008,
            CodeRefusal::RedirectMismatch => 50_011,
            CodeRefusal::VerifierMismatch => 501_481,
        };
        OAuthError::new(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            number,
            format!("{refusal}."),
        )
    })
}

async fn issue(
    state: &AppState,
    request_id: &str,
    redeemed: Redeemed,
) -> Result<Response, OAuthError> {
    let internal = |error| OAuthError::internal(error, request_id);
    let caller = match state
        .services
        .caller_load(redeemed.principal, redeemed.tenant)
        .await
    {
        Ok(caller) => caller,
        Err(services::Error::Problem(problem)) => {
            return Err(OAuthError::new(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                50_057,
                problem.message,
            ));
        }
        Err(error) => return Err(internal(error)),
    };
    let base = base(state);
    let now = state.services.now();
    let id = Claims {
        nonce: redeemed.nonce,
        sid: Some(redeemed.grant),
        ..Claims::new(base, clients::PORTAL, &caller, now)
    };
    // A client that asked for nothing but who signed in gets a token that opens nothing else.
    let asked = Asked::of(base, &redeemed.scope);
    let audience = match &asked {
        Asked::Audience(audience) => audience.as_str(),
        Asked::Identity | Asked::Unknown(_) => clients::PORTAL,
    };
    let access = Claims {
        sid: Some(redeemed.grant),
        scp: Some(redeemed.scope.clone()),
        ..Claims::new(base, audience, &caller, now)
    };
    let id_token = sign(&state.services, id).await.map_err(internal)?;
    let access_token = sign(&state.services, access).await.map_err(internal)?;
    let body = json!({
        "token_type": "Bearer",
        "scope": redeemed.scope,
        "expires_in": LIFE,
        "ext_expires_in": LIFE,
        "access_token": access_token,
        "id_token": id_token,
    });
    Ok((
        [(CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Json(body),
    )
        .into_response())
}
