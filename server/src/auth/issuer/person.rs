//! Tokens of a person, for the program that they signed in with.

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::Caller;
use serde_json::json;
use services::identity::{CodeRefusal, Redeemed, RefreshGrant, RefreshRefusal};
use uuid::Uuid;

use super::error::OAuthError;
use super::program::{named, prove};
use super::token::Exchange;
use crate::auth::clients::Client;
use crate::auth::resource::Asked;
use crate::auth::token::{Claims, LIFE, sign};

/// What tokens are made of.
pub(super) struct Given {
    /// Who, in the tenant that the tokens are for.
    pub(super) caller: Caller,
    /// Who signed in: the object id and the tenant there, by which clients know an account.
    pub(super) home: (Uuid, Uuid),
    /// Names everything that is given for one sign-in.
    pub(super) family: Uuid,
    /// What was asked for.
    pub(super) scope: String,
    /// What the access token is for.
    pub(super) asked: Asked,
    /// Goes into the id token.
    pub(super) nonce: Option<String>,
    /// The next refresh token, when there is one already.
    pub(super) refresh_token: Option<String>,
}

/// Exchanges an authorization code.
pub(super) async fn by_code(exchange: &Exchange<'_>) -> Result<Response, OAuthError> {
    let client = named(exchange).await?;
    if let Client::Application(view) = &client
        && !view.input.public_client
    {
        prove(exchange, view).await?;
    }
    let redeemed = redeem(exchange, &client).await?;
    let caller = load(exchange, redeemed.principal, redeemed.tenant).await?;
    let given = Given {
        home: (redeemed.principal, redeemed.tenant),
        caller,
        family: redeemed.grant,
        asked: Asked::of(exchange.base(), &redeemed.scope),
        scope: redeemed.scope,
        nonce: redeemed.nonce,
        refresh_token: None,
    };
    give(exchange, &client, given).await
}

async fn redeem(exchange: &Exchange<'_>, client: &Client) -> Result<Redeemed, OAuthError> {
    let field =
        |value: &Option<String>, name: &str| value.clone().ok_or_else(|| OAuthError::missing(name));
    let request = &exchange.request;
    let code = field(&request.code, "code")?;
    let redirect_uri = field(&request.redirect_uri, "redirect_uri")?;
    let verifier = field(&request.code_verifier, "code_verifier")?;
    let services = &exchange.state.services;
    let redeemed = services
        .code_redeem(
            exchange.authority.tenant(),
            &code,
            &client.id(),
            &redirect_uri,
            &verifier,
        )
        .await
        .map_err(|error| exchange.internal(error))?;
    redeemed.map_err(|refusal| {
        services.attempt_failed(exchange.visit);
        if refusal == CodeRefusal::Reused {
            tracing::warn!(
                request.id = exchange.visit.request_id,
                client.address = exchange.visit.address,
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
        OAuthError::bad("invalid_grant", number, format!("{refusal}."))
    })
}

/// Exchanges a refresh token: in the tenant of the sign-in, or in another where the person is a guest.
pub(super) async fn by_refresh_token(exchange: &Exchange<'_>) -> Result<Response, OAuthError> {
    let client = named(exchange).await?;
    let token = exchange.request.refresh_token.as_deref();
    let token = token.ok_or_else(|| OAuthError::missing("refresh_token"))?;
    let services = &exchange.state.services;
    let redeemed = services
        .refresh_redeem(token, &client.id())
        .await
        .map_err(|error| exchange.internal(error))?;
    let (grant, next) = redeemed.map_err(|refusal| refused(exchange, refusal))?;
    let tenant = exchange.authority.tenant().unwrap_or(grant.tenant);
    let principal = services
        .principal_elsewhere(grant.principal, tenant)
        .await
        .map_err(|error| exchange.internal(error))?;
    let Some(principal) = principal else {
        let description = "This account is not known in that organisation.";
        return Err(OAuthError::bad("invalid_grant", 50_020, description));
    };
    let caller = load(exchange, principal, tenant).await?;
    let scope = exchange.request.scope.clone().unwrap_or(grant.scope);
    let given = Given {
        caller,
        home: (grant.principal, grant.tenant),
        family: grant.family,
        asked: Asked::of(exchange.base(), &scope),
        scope,
        nonce: None,
        refresh_token: Some(next),
    };
    give(exchange, &client, given).await
}

fn refused(exchange: &Exchange<'_>, refusal: RefreshRefusal) -> OAuthError {
    exchange.state.services.attempt_failed(exchange.visit);
    if refusal == RefreshRefusal::Reused {
        tracing::warn!(
            request.id = exchange.visit.request_id,
            client.address = exchange.visit.address,
            "a refresh token came again; everything that was given with it was taken back"
        );
    }
    let number = match refusal {
        RefreshRefusal::Unknown | RefreshRefusal::ClientMismatch => 9_002_313,
        RefreshRefusal::Reused | RefreshRefusal::Revoked => 50_173,
        RefreshRefusal::Expired => 700_082,
    };
    OAuthError::bad(
        "invalid_grant",
        number,
        format!("{refusal}. Sign in again."),
    )
}

/// The person with their rights, unless they were barred meanwhile.
pub(super) async fn load(
    exchange: &Exchange<'_>,
    principal: Uuid,
    tenant: Uuid,
) -> Result<Caller, OAuthError> {
    match exchange.state.services.caller_load(principal, tenant).await {
        Ok(caller) => Ok(caller),
        Err(services::Error::Problem(problem)) => {
            Err(OAuthError::bad("invalid_grant", 50_057, problem.message))
        }
        Err(error) => Err(exchange.internal(error)),
    }
}

/// Signs the tokens and writes the answer.
///
/// Tokens that act as the person are for the command line alone, which people run themselves; applications learn who
/// signs in, and act with the roles that were given to them.
pub(super) async fn give(
    exchange: &Exchange<'_>,
    client: &Client,
    given: Given,
) -> Result<Response, OAuthError> {
    let (base, services) = (exchange.base(), &exchange.state.services);
    let client_id = client.id();
    let audience = match (&given.asked, client) {
        (Asked::Unknown(asked), _) => return Err(OAuthError::unknown_resource(asked)),
        (Asked::Audience(audience), Client::CommandLine) => audience.clone(),
        // A client that asked for nothing but who signed in gets a token that opens nothing else.
        _ => client_id.clone(),
    };
    let wants = |word: &str| given.scope.split(' ').any(|scope| scope == word);
    let now = services.now();
    let id = Claims {
        nonce: given.nonce,
        sid: Some(given.family),
        ..Claims::new(base, &client_id, &given.caller, now)
    };
    let access = Claims {
        sid: Some(given.family),
        scp: Some("user_impersonation".to_owned()),
        azp: Some(client_id.clone()),
        ..Claims::new(base, &audience, &given.caller, now)
    };
    let access_token = sign(services, access)
        .await
        .map_err(|error| exchange.internal(error))?;
    let mut body = json!({
        "token_type": "Bearer",
        "scope": given.scope,
        "expires_in": LIFE,
        "ext_expires_in": LIFE,
        "access_token": access_token,
    });
    if wants("openid") {
        let id_token = sign(services, id)
            .await
            .map_err(|error| exchange.internal(error))?;
        body["id_token"] = id_token.into();
    }
    let refresh_token = match given.refresh_token {
        Some(token) => Some(token),
        None if wants("offline_access") && *client == Client::CommandLine => {
            let grant = RefreshGrant {
                family: given.family,
                client_id,
                principal: given.home.0,
                tenant: given.home.1,
                scope: given.scope.clone(),
            };
            let token = services.refresh_create(grant).await;
            Some(token.map_err(|error| exchange.internal(error))?)
        }
        None => None,
    };
    if let Some(token) = refresh_token {
        body["refresh_token"] = token.into();
        let account = json!({ "uid": given.home.0, "utid": given.home.1 });
        body["client_info"] = BASE64_URL_SAFE_NO_PAD.encode(account.to_string()).into();
    }
    let headers = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((headers, Json(body)).into_response())
}
