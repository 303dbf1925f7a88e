//! The beginning of a sign-in: choose the issuer, remember the attempt, send the browser there.

use app::features::signin::Organisation;
use axum::extract::{Query, State};
use axum::http::header::{HOST, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::OpContext;
use leptos::prelude::*;
use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope};
use serde::Deserialize;
use services::identity::{LoginStart, TenantRef, local_path};
use url::Url;

use super::client;
use super::refusal::SigninRefusal;
use crate::auth::token::issuer;
use crate::auth::{base, cookie, page};
use crate::middleware::RequestId;
use crate::state::AppState;

/// What the sign-in page is asked with.
#[derive(Debug, Deserialize)]
pub(super) struct Wish {
    /// Where to lead after signing in.
    return_to: Option<String>,
    /// Who is going to sign in.
    login_hint: Option<String>,
    /// The address was corrected before; it is not corrected twice.
    corrected: Option<String>,
}

/// Sends the browser to the issuer, or asks for the organisation first.
pub(super) async fn begin(
    State(state): State<AppState>,
    Query(wish): Query<Wish>,
    parts: Parts,
) -> Response {
    let return_to = wish
        .return_to
        .as_deref()
        .and_then(local_path)
        .unwrap_or("/")
        .to_owned();
    if parts.extensions.get::<OpContext>().is_some() {
        return redirect(&return_to);
    }
    if wish.corrected.is_none()
        && let Some(address) = corrected(&state, &parts.headers, &parts)
    {
        return redirect(address.as_str());
    }
    let hint = wish.login_hint.unwrap_or_default();
    match choose(&state, &hint).await {
        Ok(Some(tenant)) => match start(&state, &parts.headers, &tenant, &hint, return_to).await {
            Ok(response) => response,
            Err(refusal) => super::callback::refuse(&state, parts, refusal).await,
        },
        Ok(None) => {
            let refusal = (!hint.is_empty())
                .then(|| "No organisation here has addresses of that domain.".to_owned());
            page::draw(&state, parts, StatusCode::OK, move || {
                view! { <Organisation return_to=return_to.clone() user_name=hint.clone() refusal=refusal.clone() /> }
            })
            .await
        }
        Err(error) => super::callback::refuse(&state, parts, error.into()).await,
    }
}

/// The organisation to sign in to: the only one, or the one whose domain the address has.
async fn choose(state: &AppState, hint: &str) -> services::Result<Option<TenantRef>> {
    match hint.trim().rsplit_once('@') {
        Some((_, domain)) => match state.services.tenant_find(domain).await? {
            Some(tenant) => Ok(Some(tenant)),
            None => state.services.tenant_only().await,
        },
        None => state.services.tenant_only().await,
    }
}

async fn start(
    state: &AppState,
    headers: &HeaderMap,
    tenant: &TenantRef,
    hint: &str,
    return_to: String,
) -> Result<Response, SigninRefusal> {
    let services = &state.services;
    let issuer = issuer(base(state), tenant.id);
    let client = client::discover(state, &issuer).await?;
    let nonce = services.secret();
    let verifier = PkceCodeVerifier::new(services.secret());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    // A browser with several tabs at the sign-in page keeps one secret for all of them.
    let browser = cookie::read(headers, cookie::SIGNIN).unwrap_or_else(|| services.secret());
    let start = LoginStart {
        issuer,
        nonce: nonce.clone(),
        pkce_verifier: verifier.secret().clone(),
        return_to,
        browser: browser.clone(),
    };
    let csrf = services.login_begin(start).await?;
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(csrf),
            move || Nonce::new(nonce),
        )
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(challenge);
    if !hint.is_empty() {
        request = request.add_extra_param("login_hint", hint);
    }
    let (address, _, _) = request.url();
    Ok(cookie::set_signin(redirect(address.as_str()), &browser))
}

/// The same request at the portal's own address, when it came by another name of this host: cookies and callbacks
/// belong to one name.
fn corrected(state: &AppState, headers: &HeaderMap, parts: &Parts) -> Option<Url> {
    let own = &state.config.server.public_url;
    let asked = parts
        .uri
        .authority()
        .map(axum::http::uri::Authority::as_str);
    let asked = asked.or_else(|| headers.get(HOST).and_then(|host| host.to_str().ok()))?;
    let own_authority = match own.port() {
        Some(port) => format!("{}:{port}", own.host_str()?),
        None => own.host_str()?.to_owned(),
    };
    if asked.eq_ignore_ascii_case(&own_authority) {
        return None;
    }
    let mut address = own.join("signin").ok()?;
    address.set_query(parts.uri.query());
    address.query_pairs_mut().append_pair("corrected", "1");
    tracing::debug!(
        request.id = RequestId::of(&parts.extensions).0,
        http.host = asked,
        "a sign-in was led to the portal's own address"
    );
    Some(address)
}

fn redirect(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response()
}
