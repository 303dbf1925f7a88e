//! The beginning of a sign-in: choose the issuer, remember the attempt, send the browser there.

use app::features::signin::{Choice, ChooseWay, Organisation};
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
use uuid::Uuid;

use super::client::Way;
use super::refusal::SigninRefusal;
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
    /// The provider that was chosen.
    provider: Option<Uuid>,
    /// The organisation that was chosen.
    tenant: Option<Uuid>,
    /// `local` for the built-in issuer, `shared` for the issuer of many organisations.
    way: Option<String>,
    /// A form asks: browsers refuse to be led from a form to another site.
    form: Option<String>,
    /// The address was corrected before; it is not corrected twice.
    corrected: Option<String>,
}

/// What a wish comes to.
enum Found {
    /// Somebody signs in there.
    Way(Way),
    /// An organisation has several ways.
    Several(TenantRef, Vec<(Uuid, String)>),
    /// It is not known whose person asks.
    Nobody,
}

/// A sign-in to begin.
pub(super) struct Begin {
    pub(super) way: Way,
    /// Who is going to sign in.
    pub(super) hint: String,
    /// A path of the portal.
    pub(super) return_to: String,
    /// The invitation that the person follows.
    pub(super) invitation: Option<Uuid>,
    /// The administrator who tries the provider out.
    pub(super) tester: Option<Uuid>,
}

/// A sign-in that was begun.
pub(super) struct Begun {
    address: Url,
    browser: String,
}

/// Sends the browser to the issuer, or asks for the organisation or the way first.
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
    let hint = wish.login_hint.clone().unwrap_or_default();
    let by_form = wish.form.is_some();
    match find(&state, &wish, &hint).await {
        Ok(Found::Way(way)) => {
            let begin = Begin {
                way,
                hint,
                return_to,
                invitation: None,
                tester: None,
            };
            match start(&state, &parts.headers, begin).await {
                Ok(begun) => send(&state, parts, begun, by_form).await,
                Err(refusal) => super::callback::refuse(&state, parts, refusal).await,
            }
        }
        Ok(Found::Several(tenant, providers)) => {
            let choices = choices(&tenant, &providers, &return_to, &hint);
            page::draw(&state, parts, StatusCode::OK, move || {
                view! { <ChooseWay organisation=tenant.name.clone() choices=choices.clone() /> }
            })
            .await
        }
        Ok(Found::Nobody) => {
            let refusal = (!hint.is_empty())
                .then(|| "No organisation here has addresses of that domain.".to_owned());
            let shared = state
                .providers
                .shared()
                .map(|shared| Choice::new(&shared.name, &with(&return_to, &[("way", "shared")])));
            page::draw(&state, parts, StatusCode::OK, move || {
                view! {
                    <Organisation
                        return_to=return_to.clone()
                        user_name=hint.clone()
                        refusal=refusal.clone()
                        shared=shared.clone()
                    />
                }
            })
            .await
        }
        Err(refusal) => super::callback::refuse(&state, parts, refusal).await,
    }
}

async fn find(state: &AppState, wish: &Wish, hint: &str) -> Result<Found, SigninRefusal> {
    if let Some(id) = wish.provider {
        return open(state, id).await.map(Found::Way);
    }
    let way = wish.way.as_deref().unwrap_or_default();
    if way == "shared" && state.providers.shared().is_some() {
        return Ok(Found::Way(Way::Shared));
    }
    let services = &state.services;
    let realm = services.home_realm(hint).await?;
    let lead = realm.as_ref().and_then(|realm| realm.provider);
    let tenant = match (wish.tenant, realm) {
        (Some(tenant), _) => services.tenant_find(&tenant.to_string()).await?,
        (None, Some(realm)) => Some(realm.tenant),
        (None, None) => services.tenant_only().await?,
    };
    let Some(tenant) = tenant else {
        return Ok(Found::Nobody);
    };
    if way == "local" {
        return Ok(Found::Way(Way::BuiltIn(tenant.id)));
    }
    if let Some(provider) = lead {
        match open(state, provider).await {
            // The choice shows what is left when the way of the domain is shut.
            Err(SigninRefusal::ProviderDisabled(_) | SigninRefusal::ProviderGone) => {}
            opened => return opened.map(Found::Way),
        }
    }
    let providers = services.provider_choices(tenant.id).await?;
    Ok(if providers.is_empty() {
        Found::Way(Way::BuiltIn(tenant.id))
    } else {
        Found::Several(tenant, providers)
    })
}

/// A provider that people may sign in at.
pub(super) async fn open(state: &AppState, id: Uuid) -> Result<Way, SigninRefusal> {
    let provider = state
        .services
        .provider_client(id)
        .await?
        .ok_or(SigninRefusal::ProviderGone)?;
    if !provider.enabled {
        return Err(SigninRefusal::ProviderDisabled(provider.name));
    }
    Ok(Way::Provider(Box::new(provider)))
}

/// Where the owner of an address signs in, when only one way is open to them.
pub(super) async fn way_of(state: &AppState, hint: &str) -> Result<Option<Way>, SigninRefusal> {
    let Some(realm) = state.services.home_realm(hint).await? else {
        return Ok(None);
    };
    if let Some(provider) = realm.provider
        && let Ok(way) = open(state, provider).await
    {
        return Ok(Some(way));
    }
    let providers = state.services.provider_choices(realm.tenant.id).await?;
    Ok(match providers.as_slice() {
        [] => Some(Way::BuiltIn(realm.tenant.id)),
        [(only, _)] => Some(open(state, *only).await?),
        _ => None,
    })
}

fn choices(
    tenant: &TenantRef,
    providers: &[(Uuid, String)],
    return_to: &str,
    hint: &str,
) -> Vec<Choice> {
    let mut choices: Vec<Choice> = providers
        .iter()
        .map(|(id, name)| {
            let fields = [
                ("provider", id.to_string()),
                ("login_hint", hint.to_owned()),
            ];
            Choice::new(name, &with(return_to, &fields))
        })
        .collect();
    let fields = [
        ("way", "local".to_owned()),
        ("tenant", tenant.id.to_string()),
        ("login_hint", hint.to_owned()),
    ];
    choices.push(Choice::new(
        "User name and password",
        &with(return_to, &fields),
    ));
    choices
}

/// The address of the sign-in page with these fields.
fn with<V: AsRef<str>>(return_to: &str, fields: &[(&str, V)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("return_to", return_to);
    for (name, value) in fields {
        if !value.as_ref().is_empty() {
            query.append_pair(name, value.as_ref());
        }
    }
    format!("/signin?{}", query.finish())
}

/// Remembers the attempt.
pub(super) async fn start(
    state: &AppState,
    headers: &HeaderMap,
    begin: Begin,
) -> Result<Begun, SigninRefusal> {
    let services = &state.services;
    let client = begin.way.client(state).await?;
    let nonce = services.secret();
    let verifier = PkceCodeVerifier::new(services.secret());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    // A browser with several tabs at the sign-in page keeps one secret for all of them.
    let browser = cookie::read(headers, cookie::SIGNIN).unwrap_or_else(|| services.secret());
    let provider = match &begin.way {
        Way::Provider(provider) => Some(provider.id),
        Way::BuiltIn(_) | Way::Shared => None,
    };
    let start = LoginStart {
        issuer: begin.way.issuer(state),
        nonce: nonce.clone(),
        pkce_verifier: verifier.secret().clone(),
        return_to: begin.return_to,
        browser: browser.clone(),
        provider,
        invitation: begin.invitation,
        tester: begin.tester,
    };
    let csrf = services.login_begin(start).await?;
    let scopes = begin.way.scopes().split_whitespace();
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(csrf),
            move || Nonce::new(nonce),
        )
        .add_scopes(
            scopes
                .filter(|scope| *scope != "openid")
                .map(|scope| Scope::new(scope.to_owned())),
        )
        .set_pkce_challenge(challenge);
    if !begin.hint.is_empty() {
        request = request.add_extra_param("login_hint", begin.hint);
    }
    let (address, _, _) = request.url();
    Ok(Begun { address, browser })
}

/// Sends the browser on: from a form to another site by way of a page, because the content security policy keeps
/// forms from leading anywhere else.
pub(super) async fn send(state: &AppState, parts: Parts, begun: Begun, by_form: bool) -> Response {
    let is_ours = begun.address.origin() == state.config.server.public_url.origin();
    let response = if by_form && !is_ours {
        page::lead(state, parts, &begun.address).await
    } else {
        redirect(begun.address.as_str())
    };
    cookie::set_signin(response, &begun.browser)
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
        portal.address = base(state),
        "a sign-in was led to the portal's own address"
    );
    Some(address)
}

fn redirect(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response()
}
