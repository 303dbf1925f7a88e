//! Programs that sign in for themselves, and how they prove who they are.

use axum::Json;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::json;
use services::application::{ClientView, SecretVerdict};

use super::assertion;
use super::error::OAuthError;
use super::token::{Exchange, Request};
use crate::auth::clients::{self, Client};
use crate::auth::resource::Asked;
use crate::auth::token::{Claims, LIFE, sign};

/// The only kind of assertion (RFC 7523).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The request with the id and secret of an `Authorization: Basic` header, where it has none of its own.
pub(super) fn with_basic(mut request: Request, headers: &HeaderMap) -> Request {
    let pair = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| BASE64_STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    if let Some((id, secret)) = pair.as_deref().and_then(|pair| pair.split_once(':')) {
        // RFC 6749, section 2.3.1: both are encoded as in forms.
        let plain = |text: &str| {
            let text = text.replace('+', " ");
            percent_decode_str(&text).decode_utf8_lossy().into_owned()
        };
        request.client_id.get_or_insert_with(|| plain(id));
        request.client_secret.get_or_insert_with(|| plain(secret));
    }
    request
}

/// The client that the request names.
pub(super) async fn named(exchange: &Exchange<'_>) -> Result<Client, OAuthError> {
    let id = exchange.request.client_id.as_deref();
    let id = id.ok_or_else(|| OAuthError::missing("client_id"))?;
    let found = clients::find(exchange.state, id)
        .await
        .map_err(|error| exchange.internal(error))?;
    found.ok_or_else(|| {
        exchange.state.services.attempt_failed(exchange.visit);
        OAuthError::unknown_client(id)
    })
}

/// Makes sure that the request comes from the application itself.
pub(super) async fn prove(exchange: &Exchange<'_>, client: &ClientView) -> Result<(), OAuthError> {
    let services = &exchange.state.services;
    let id = client.app_id.to_string();
    services
        .client_attempt_check(&id, exchange.visit)
        .map_err(|error| exchange.internal(error))?;
    let proven = match (
        &exchange.request.client_assertion,
        &exchange.request.client_secret,
    ) {
        (Some(assertion), _) => {
            if exchange.request.client_assertion_type.as_deref() != Some(JWT_BEARER) {
                let description = format!("The client_assertion_type must be “{JWT_BEARER}”.");
                return Err(OAuthError::bad("invalid_request", 50_027, description));
            }
            assertion::verify(exchange, client, assertion).await
        }
        (None, Some(secret)) => by_secret(exchange, client, secret).await,
        (None, None) => {
            let description =
                "The request body must contain a client_secret or a client_assertion.";
            return Err(OAuthError::client(7_000_218, description));
        }
    };
    if proven
        .as_ref()
        .is_err_and(|refusal| refusal.error == "invalid_client")
    {
        services.client_attempt_failed(&id, exchange.visit);
    }
    proven
}

async fn by_secret(
    exchange: &Exchange<'_>,
    client: &ClientView,
    secret: &str,
) -> Result<(), OAuthError> {
    let verdict = exchange
        .state
        .services
        .client_secret_verify(client, secret)
        .await
        .map_err(|error| exchange.internal(error))?;
    match verdict {
        SecretVerdict::Good(_) => Ok(()),
        SecretVerdict::Expired => {
            let description = format!(
                "The client secret of application “{}” has expired. Make a new one.",
                client.app_id
            );
            Err(OAuthError::client(7_000_222, description))
        }
        SecretVerdict::Wrong => {
            let description = format!(
                "Invalid client secret provided for application “{}”. Send the secret itself, not its id.",
                client.app_id
            );
            Err(OAuthError::client(7_000_215, description))
        }
    }
}

/// A token for a program that acts for itself, in a tenant that admitted it. Rules C3, C10.
pub(super) async fn issue(exchange: &Exchange<'_>) -> Result<Response, OAuthError> {
    let Client::Application(client) = named(exchange).await? else {
        let description = "This program acts for people alone; it can't sign in for itself.";
        return Err(OAuthError::bad("unauthorized_client", 700_025, description));
    };
    prove(exchange, &client).await?;
    let audience = match exchange.request.asked(exchange.base()) {
        Some(Asked::Audience(audience)) => audience,
        Some(Asked::Unknown(asked)) => return Err(OAuthError::unknown_resource(&asked)),
        Some(Asked::Identity) => {
            let description = "The scope must be a resource with “/.default” behind it.";
            return Err(OAuthError::bad("invalid_scope", 1_002_012, description));
        }
        None => return Err(OAuthError::missing("scope")),
    };
    let services = &exchange.state.services;
    let tenant = exchange.authority.tenant().unwrap_or(client.home);
    let program = services
        .client_program(client.app_id, tenant)
        .await
        .map_err(|error| exchange.internal(error))?;
    let Some(program) = program else {
        return Err(not_admitted(exchange, &client));
    };
    if !program.enabled {
        let description = format!("Application “{}” is barred here.", client.app_id);
        return Err(OAuthError::bad(
            "unauthorized_client",
            7_000_112,
            description,
        ));
    }
    let claims = Claims::of_program(
        exchange.base(),
        &audience,
        tenant,
        client.app_id,
        &program,
        services.now(),
    );
    let token = sign(services, claims)
        .await
        .map_err(|error| exchange.internal(error))?;
    let body = json!({
        "token_type": "Bearer",
        "expires_in": LIFE,
        "ext_expires_in": LIFE,
        "access_token": token,
    });
    let headers = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((headers, Json(body)).into_response())
}

/// The application is real, but has no place in the tenant that it signs in to.
fn not_admitted(exchange: &Exchange<'_>, client: &ClientView) -> OAuthError {
    let id = client.app_id;
    let segment = exchange.authority.segment();
    if !client.input.multi_tenant && exchange.authority.tenant() != Some(client.home) {
        return OAuthError::unknown_client(&id.to_string());
    }
    let description = format!(
        "Application “{id}” has no service principal in the organisation “{segment}”. An administrator there admits it at {}/{segment}/oauth2/v2.0/authorize?client_id={id}&response_type=code.",
        exchange.base()
    );
    OAuthError::client(7_000_229, description)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basic_header_fills_in_what_the_form_leaves_out() {
        let mut headers = HeaderMap::new();
        let encoded = format!("Basic {}", BASE64_STANDARD.encode("an%20id:a+b%2Bc:d"));
        headers.insert(
            AUTHORIZATION,
            HeaderValue::from_str(&encoded).expect("a header"),
        );
        let request = with_basic(Request::default(), &headers);
        assert_eq!(request.client_id.as_deref(), Some("an id"));
        assert_eq!(request.client_secret.as_deref(), Some("a b+c:d"));
        let given = Request {
            client_id: Some("own".to_owned()),
            ..Request::default()
        };
        assert_eq!(
            with_basic(given, &headers).client_id.as_deref(),
            Some("own")
        );
    }
}
