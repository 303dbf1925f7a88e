//! Programs other than the portal: the person is signed in there, sees who asks, and agrees. Rule C12.

use app::features::application::{Admit, Admitted, Agree, AskAdministrator};
use app::ssr::SignedIn;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use domain::{OpContext, Problem};
use leptos::prelude::*;
use services::application::{ClientView, Consent, ConsentState};
use url::form_urlencoded;

use super::authority::Authority;
use super::authorize::{address, give_code, redirect, refuse};
use super::request::{AuthorizationRequest, Purpose, Refused};
use crate::auth::clients::Client;
use crate::auth::{base, page};
use crate::middleware::RequestId;
use crate::state::AppState;

/// Shows who asks; whoever is not signed in yet does that first.
pub(super) async fn ask(
    state: &AppState,
    authority: &Authority,
    parts: Parts,
    request: AuthorizationRequest,
) -> Response {
    let who = match signed_in(state, authority, parts, &request).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let Found { parts, signed } = who;
    match &request.client {
        Client::Application(client) => match preview(state, &signed.op, client).await {
            Ok(consent) => draw_consent(state, parts, &signed, &request, consent).await,
            Err(error) => problem(state, parts, error).await,
        },
        Client::Portal | Client::CommandLine => draw_agree(state, parts, &signed, &request).await,
    }
}

/// The person agreed: the application is admitted if it was not, and gets its code if it wants one.
pub(super) async fn agreed(
    state: &AppState,
    authority: &Authority,
    parts: Parts,
    request: AuthorizationRequest,
) -> Response {
    let found = match signed_in(state, authority, parts, &request).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let Found { parts, signed } = found;
    if let Client::Application(client) = &request.client {
        let consent = match preview(state, &signed.op, client).await {
            Ok(consent) => consent,
            Err(error) => return problem(state, parts, error).await,
        };
        if consent.state != ConsentState::Admitted {
            let made = state
                .services
                .service_principal_create(&signed.op, client.app_id)
                .await;
            if let Err(error) = made {
                return problem(state, parts, error).await;
            }
        }
        if request.purpose == Purpose::Consent {
            let consent = Consent {
                state: ConsentState::Admitted,
                ..consent
            };
            return draw_consent(state, parts, &signed, &request, consent).await;
        }
    }
    give_code(state, parts, request, &signed.op.caller).await
}

struct Found {
    parts: Parts,
    signed: SignedIn,
}

/// The person at the browser, in the organisation that the address speaks for; others are led to sign in.
async fn signed_in(
    state: &AppState,
    authority: &Authority,
    parts: Parts,
    request: &AuthorizationRequest,
) -> Result<Found, Box<Response>> {
    let Some(signed) = parts.extensions.get::<SignedIn>().cloned() else {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("return_to", &address(&parts));
        if !request.login_hint.is_empty() {
            query.append_pair("login_hint", &request.login_hint);
        } else if let Some(tenant) = authority.tenant() {
            query.append_pair("tenant", &tenant.to_string());
        }
        return Err(Box::new(redirect(&format!("/signin?{}", query.finish()))));
    };
    match authority {
        Authority::Tenant(tenant) if tenant.id != signed.op.tenant() => {
            let text = format!(
                "You are signed in to {}, and this is about {}. Switch to that organisation in the portal, or sign out there, then open this address again.",
                signed.tenant_name, tenant.name
            );
            let title = "Another organisation";
            let status = StatusCode::FORBIDDEN;
            let response = page::message(state, parts, status, title, text, "Go to the portal");
            Err(Box::new(response.await))
        }
        _ => Ok(Found { parts, signed }),
    }
}

async fn preview(
    state: &AppState,
    op: &OpContext,
    client: &ClientView,
) -> services::Result<Consent> {
    state.services.consent_preview(op, client.app_id).await
}

async fn problem(state: &AppState, parts: Parts, error: services::Error) -> Response {
    let problem: Problem = error.into_problem(&RequestId::of(&parts.extensions).0);
    let status =
        StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (title, action) = ("Not possible", "Go to the portal");
    page::message(state, parts, status, title, problem.message, action).await
}

async fn draw_agree(
    state: &AppState,
    parts: Parts,
    signed: &SignedIn,
    request: &AuthorizationRequest,
) -> Response {
    let Some(origin) = request.origin() else {
        let refused = Refused::Here("The program's own address can't be read.");
        return refuse(state, refused, parts).await;
    };
    let (action, name) = (address(&parts), request.client.name().to_owned());
    let acts = request.client == Client::CommandLine;
    let (who, organisation) = (
        signed.op.caller.user_name.clone(),
        signed.tenant_name.clone(),
    );
    let response = page::draw(state, parts, StatusCode::OK, {
        let origin = origin.clone();
        move || {
            view! {
                <Agree
                    action=action.clone()
                    program=name.clone()
                    acts
                    user_name=who.clone()
                    organisation=organisation.clone()
                    origin=origin.clone()
                />
            }
        }
    });
    leading_to(response.await, &origin)
}

async fn draw_consent(
    state: &AppState,
    parts: Parts,
    signed: &SignedIn,
    request: &AuthorizationRequest,
    consent: Consent,
) -> Response {
    let action = address(&parts);
    let organisation = signed.tenant_name.clone();
    match consent.state {
        ConsentState::Admitted if request.purpose != Purpose::Consent => {
            draw_agree(state, parts, signed, request).await
        }
        ConsentState::Admitted => {
            let tenant = signed.op.tenant().to_string();
            let fields = [("admin_consent", "True"), ("tenant", tenant.as_str())];
            let onward = request.answer(None, &fields).map(String::from);
            page::draw(state, parts, StatusCode::OK, move || {
                view! { <Admitted consent=consent.clone() organisation=organisation.clone() onward=onward.clone() /> }
            })
            .await
        }
        ConsentState::Open => {
            let response = page::draw(state, parts, StatusCode::OK, move || {
                view! { <Admit action=action.clone() consent=consent.clone() organisation=organisation.clone() /> }
            });
            // A code may follow at once, to the application's own address.
            match request.origin() {
                Some(origin) => leading_to(response.await, &origin),
                None => response.await,
            }
        }
        ConsentState::AskAdministrator => {
            let here = format!("{}{action}", base(state));
            page::draw(state, parts, StatusCode::FORBIDDEN, move || {
                view! { <AskAdministrator consent=consent.clone() organisation=organisation.clone() address=here.clone() /> }
            })
            .await
        }
    }
}

/// Lets the page's form lead the browser to the program's own address: browsers hold redirects against the page's
/// policy as well.
fn leading_to(mut response: Response, origin: &str) -> Response {
    let policy = response
        .headers()
        .get(CONTENT_SECURITY_POLICY)
        .and_then(|value| value.to_str().ok())
        .map(|policy| {
            policy.replace(
                "form-action 'self'",
                &format!("form-action 'self' {origin}"),
            )
        })
        .and_then(|policy| HeaderValue::from_str(&policy).ok());
    if let Some(policy) = policy {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
