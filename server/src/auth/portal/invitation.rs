//! Following an invitation: who invites, and by which account to come.

use app::features::account::CurrentSession;
use app::features::invitation::{CREATE, IssuedInvitation};
use app::features::signin::InvitationPage;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::{OpContext, Problem};
use leptos::prelude::*;
use leptos::server_fn::error::ServerFnUrlError;
use serde::Deserialize;
use services::identity::{OpenInvitation, Visit};
use uuid::Uuid;

use super::refusal::SigninRefusal;
use super::signin::{self, Begin};
use crate::auth::visit::Visitor;
use crate::auth::{base, cookie, page};
use crate::middleware::Signed;
use crate::middleware::refusal::{Refusal, wants_page};
use crate::state::AppState;

/// What the link holds.
#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    code: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    code: String,
    /// Come as whoever is signed in.
    accept: Option<String>,
    /// A provider of the organisation that invites.
    provider: Option<Uuid>,
    /// An address whose domain tells where its owner signs in.
    login_hint: Option<String>,
}

/// What the form of the administrator sends.
#[derive(Deserialize)]
pub(super) struct New {
    #[serde(default)]
    email: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    days: String,
}

/// Makes an invitation and shows its link in the answer itself, this once.
pub(super) async fn create(
    State(state): State<AppState>,
    signed: Signed,
    parts: Parts,
    Form(new): Form<New>,
) -> Response {
    let ctx = signed.context;
    let made = async {
        let group = match new.group.as_str() {
            "" => None,
            text => Some(Uuid::parse_str(text).map_err(|_| Problem::not_found("The group"))?),
        };
        // What is no number is out of range like any other.
        let days = new.days.trim().parse().unwrap_or(0);
        state
            .services
            .invitation_create(&ctx, &new.email, group, days)
            .await
    };
    match made.await {
        Ok(invited) => {
            let link = format!("{}/invitation?code={}", base(&state), invited.secret);
            page::draw(&state, parts, StatusCode::OK, move || {
                view! { <IssuedInvitation invitation=invited.invitation.clone() link=link.clone() /> }
            })
            .await
        }
        Err(error) => {
            let problem = error.into_problem(&ctx.request_id);
            // Back to the form, with what was wrong; a layer adds what was typed.
            let refusal = ServerFnUrlError::new(CREATE, app::refusal::Refusal(problem.clone()));
            let form = format!("{}/admin?tab=invitations", base(&state));
            match refusal.to_url(&form) {
                Ok(address) if wants_page(&parts.headers) => {
                    (StatusCode::SEE_OTHER, [(LOCATION, address.to_string())]).into_response()
                }
                _ => Refusal::of(problem, &parts).into_response(),
            }
        }
    }
}

/// Shows the invitation.
pub(super) async fn show(
    State(state): State<AppState>,
    Query(link): Query<Link>,
    Visitor(visit): Visitor,
    parts: Parts,
) -> Response {
    match look_up(&state, &link.code, &visit).await {
        Ok(invitation) => draw(&state, parts, link.code, invitation, None, String::new()).await,
        Err(refusal) => super::callback::refuse(&state, parts, refusal).await,
    }
}

/// Accepts it as whoever is signed in, or begins the sign-in by which it will be accepted.
pub(super) async fn follow(
    State(state): State<AppState>,
    Visitor(visit): Visitor,
    parts: Parts,
    Form(wish): Form<Wish>,
) -> Response {
    let invitation = match look_up(&state, &wish.code, &visit).await {
        Ok(invitation) => invitation,
        Err(refusal) => return super::callback::refuse(&state, parts, refusal).await,
    };
    if wish.accept.is_some() {
        return match accept(&state, &parts, invitation, &visit).await {
            Ok(secret) => cookie::set_session((StatusCode::SEE_OTHER, [(LOCATION, "/")]), &secret),
            Err(refusal) => super::callback::refuse(&state, parts, refusal).await,
        };
    }
    let hint = wish.login_hint.unwrap_or_default();
    let way = match wish.provider {
        Some(id) => signin::open(&state, id).await.map(Some),
        None => signin::way_of(&state, &hint).await,
    };
    let way = match way {
        Ok(Some(way)) => way,
        Ok(None) => {
            let text = "No organisation here has addresses of that domain.".to_owned();
            return draw(&state, parts, wish.code, invitation, Some(text), hint).await;
        }
        Err(refusal) => return super::callback::refuse(&state, parts, refusal).await,
    };
    let begin = Begin {
        way,
        hint,
        return_to: "/".to_owned(),
        invitation: Some(invitation.id),
        tester: None,
    };
    match signin::start(&state, &parts.headers, begin).await {
        Ok(begun) => signin::send(&state, parts, begun, true).await,
        Err(refusal) => super::callback::refuse(&state, parts, refusal).await,
    }
}

async fn look_up(
    state: &AppState,
    code: &str,
    visit: &Visit,
) -> Result<OpenInvitation, SigninRefusal> {
    state.services.attempt_check(visit)?;
    let found = state.services.invitation_find(code).await;
    if matches!(found, Err(services::Error::Problem(_))) {
        state.services.attempt_failed(visit);
    }
    Ok(found?)
}

async fn accept(
    state: &AppState,
    parts: &Parts,
    invitation: OpenInvitation,
    visit: &Visit,
) -> Result<String, SigninRefusal> {
    let signed_in = parts
        .extensions
        .get::<OpContext>()
        .zip(parts.extensions.get::<CurrentSession>());
    let (ctx, session) = signed_in.ok_or(SigninRefusal::StateMissing)?;
    let services = &state.services;
    services
        .invitation_accept(&ctx.caller, invitation.id, visit)
        .await?;
    let opened = services
        .tenant_switch(ctx, session.0, invitation.tenant.id, visit)
        .await?;
    Ok(opened.secret)
}

async fn draw(
    state: &AppState,
    parts: Parts,
    code: String,
    invitation: OpenInvitation,
    refusal: Option<String>,
    hint: String,
) -> Response {
    let providers = match state.services.provider_choices(invitation.tenant.id).await {
        Ok(providers) => providers,
        Err(error) => return super::callback::refuse(state, parts, error.into()).await,
    };
    let me = parts
        .extensions
        .get::<CurrentSession>()
        .and_then(|_| parts.extensions.get::<OpContext>())
        .map(|ctx| ctx.caller.user_name.clone());
    page::draw(state, parts, StatusCode::OK, move || {
        view! {
            <InvitationPage
                organisation=invitation.tenant.name.clone()
                until=invitation.expires_at
                code=code.clone()
                me=me.clone()
                providers=providers.clone()
                refusal=refusal.clone()
                user_name=hint.clone()
            />
        }
    })
    .await
}
