//! The end of a sign-in: a straight line of refusals, and a session at its end.

use app::features::signin::{TestOutcome, Tested};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::response::Response;
use domain::identity::{Proof, ProviderKind};
use domain::{Caller, OpContext};
use leptos::prelude::*;
use openidconnect::{AuthorizationCode, OAuth2TokenResponse, PkceCodeVerifier, TokenResponse};
use serde::Deserialize;
use services::identity::{LOCAL_ISSUER, Login, Proven, ProviderClient, Visit};
use uuid::Uuid;

use super::claims::{self, Claims, PortalIdToken, UserInfo};
use super::client::Way;
use super::refusal::SigninRefusal;
use crate::auth::token::issuer;
use crate::auth::visit::Visitor;
use crate::auth::{base, cookie, page};
use crate::middleware::RequestId;
use crate::state::AppState;

/// What an issuer sends along with the browser.
#[derive(Deserialize)]
pub(super) struct Answer {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// A sign-in whose proof is good.
struct Good {
    login: Login,
    way: Way,
    claims: Claims,
    info: Option<UserInfo>,
    id_token: String,
}

/// A sign-in that succeeded.
struct Success {
    secret: String,
    return_to: String,
}

/// Finishes the sign-in.
pub(super) async fn finish(
    State(state): State<AppState>,
    Visitor(visit): Visitor,
    Query(answer): Query<Answer>,
    parts: Parts,
) -> Response {
    let browser = cookie::read(&parts.headers, cookie::SIGNIN);
    let before = cookie::read(&parts.headers, cookie::SESSION);
    let good = match prove(&state, answer, browser.as_deref()).await {
        Ok(good) => good,
        Err(refusal) => return refuse(&state, parts, refusal).await,
    };
    if let Some(tester) = good.login.tester {
        return match test(&state, &parts, tester, good).await {
            Ok(tested) => {
                page::draw(&state, parts, StatusCode::OK, move || {
                    view! { <TestOutcome tested=tested.clone() /> }
                })
                .await
            }
            Err(refusal) => refuse(&state, parts, refusal).await,
        };
    }
    match sign_in(&state, &visit, good, before.as_deref()).await {
        Ok(success) => {
            let response = (StatusCode::SEE_OTHER, [(LOCATION, success.return_to)]);
            cookie::clear(
                cookie::set_session(response, &success.secret),
                cookie::SIGNIN,
            )
        }
        Err(refusal) => refuse(&state, parts, refusal).await,
    }
}

/// Whether the browser that came back has begun this sign-in, and what the issuer proves of the person.
async fn prove(
    state: &AppState,
    answer: Answer,
    browser: Option<&str>,
) -> Result<Good, SigninRefusal> {
    let csrf = answer.state.ok_or(SigninRefusal::StateMissing)?;
    let login = state.services.login_finish(&csrf, browser).await??;
    let way = way_of(state, &login).await?;
    // At a shared issuer the answer names the organisation's own one; the id token is compared instead.
    let is_single = !login.issuer.contains("{tenantid}")
        && !matches!(&way, Way::Provider(provider) if provider.kind == ProviderKind::MultiTenant);
    if let Some(answered) = answer
        .iss
        .filter(|answered| is_single && *answered != login.issuer)
    {
        return Err(SigninRefusal::IssuerMixedUp {
            asked: login.issuer,
            answered,
        });
    }
    if let Some(error) = answer.error {
        return Err(SigninRefusal::ByIssuer {
            error,
            description: answer.error_description.unwrap_or_default(),
        });
    }
    let code = answer.code.ok_or(SigninRefusal::CodeMissing)?;
    let client = way.client(state).await?;
    let http = way.http(state);
    let verifier = PkceCodeVerifier::new(login.pkce_verifier.clone());
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|error| SigninRefusal::Exchange(error.to_string()))?
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await
        .map_err(|error| SigninRefusal::Exchange(reason(&error)))?;
    let id_token = tokens.id_token().ok_or(SigninRefusal::NoIdToken)?;
    let claims = verified(state, &way, &client, id_token, &login.nonce).await?;
    let is_silent = match &way {
        Way::BuiltIn(_) => false,
        Way::Provider(provider) => claims::is_silent(&claims, &provider.group_claim),
        Way::Shared => claims::is_silent(&claims, ""),
    };
    let info = match client.user_info_url() {
        Some(_) if is_silent => {
            let subject = claims.subject().clone();
            let request = client
                .user_info(tokens.access_token().clone(), Some(subject))
                .map_err(|error| SigninRefusal::UserInfo(error.to_string()))?;
            let info = request.request_async(&http).await;
            Some(info.map_err(|error| SigninRefusal::UserInfo(reason(&error)))?)
        }
        _ => None,
    };
    drop(http);
    Ok(Good {
        id_token: id_token.to_string(),
        login,
        way,
        claims,
        info,
    })
}

/// An error with what is behind it.
fn reason(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Verifies the token; a key that is not known yet may be one that the provider has just begun to sign with.
async fn verified(
    state: &AppState,
    way: &Way,
    client: &claims::PortalClient,
    token: &PortalIdToken,
    nonce: &str,
) -> Result<Claims, SigninRefusal> {
    use openidconnect::SignatureVerificationError::NoMatchingKey;
    let now = state.services.now();
    match claims::verify(client, way, token, nonce, now, state) {
        Err(SigninRefusal::BadSignature(NoMatchingKey)) => match way.renewed(state).await {
            Some(client) => claims::verify(&client?, way, token, nonce, now, state),
            None => Err(SigninRefusal::BadSignature(NoMatchingKey)),
        },
        verdict => verdict,
    }
}

/// Where the sign-in was begun, unless that is shut by now. A test needs no open door.
async fn way_of(state: &AppState, login: &Login) -> Result<Way, SigninRefusal> {
    if let Some(id) = login.provider {
        let provider = state
            .services
            .provider_client(id)
            .await?
            .filter(|provider| provider.issuer == login.issuer)
            .ok_or(SigninRefusal::ProviderGone)?;
        if !provider.enabled && login.tester.is_none() {
            return Err(SigninRefusal::ProviderDisabled(provider.name));
        }
        return Ok(Way::Provider(Box::new(provider)));
    }
    if Way::Shared.issuer(state) == login.issuer {
        return Ok(Way::Shared);
    }
    let tenant = login
        .issuer
        .strip_prefix(base(state))
        .and_then(|path| path.trim_start_matches('/').split('/').next())
        .and_then(|segment| Uuid::parse_str(segment).ok())
        .ok_or(SigninRefusal::ProviderGone)?;
    Ok(Way::BuiltIn(tenant))
}

async fn sign_in(
    state: &AppState,
    visit: &Visit,
    good: Good,
    before: Option<&str>,
) -> Result<Success, SigninRefusal> {
    let services = &state.services;
    let told = good.claims.additional_claims();
    let invitation = good.login.invitation;
    let (mut caller, proven) = match good.way {
        Way::BuiltIn(_) => {
            let tid = told.tid().and_then(|tid| Uuid::parse_str(tid).ok());
            let tenant = tid
                .filter(|tenant| issuer(base(state), *tenant) == good.login.issuer)
                .ok_or_else(|| SigninRefusal::WrongTenant(told.tid().map(str::to_owned)))?;
            let principal = person(state, tenant, good.claims.subject().as_str()).await?;
            let proven = Proven {
                grant: told.grant(),
                ..Proven::default()
            };
            (services.caller_load(principal, tenant).await?, proven)
        }
        Way::Provider(provider) => {
            let proof = claims::proof(&good.claims, good.info.as_ref(), &provider.group_claim);
            arrive(state, visit, *provider, proof, good.id_token, invitation).await?
        }
        Way::Shared => {
            let tid = told.tid().unwrap_or_default();
            let provider = services
                .provider_by_tid(tid)
                .await?
                .filter(|provider| provider.issuer == good.claims.issuer().as_str())
                .ok_or_else(|| SigninRefusal::UnknownOrganisation(tid.to_owned()))?;
            let proof = claims::proof(&good.claims, good.info.as_ref(), &provider.group_claim);
            arrive(state, visit, provider, proof, good.id_token, invitation).await?
        }
    };
    if let Some(invitation) = invitation {
        caller = follow(state, visit, caller, invitation).await?;
    }
    let session = services
        .session_open(&caller, proven, before, visit)
        .await?;
    tracing::info!(principal.id = %caller.principal, session.id = %session.id, request.id = visit.request_id, "signed in");
    Ok(Success {
        secret: session.secret,
        return_to: good.login.return_to,
    })
}

/// The person whom a provider proved, let in when the tenant allows it.
async fn arrive(
    state: &AppState,
    visit: &Visit,
    provider: ProviderClient,
    proof: Proof,
    id_token: String,
    invitation: Option<Uuid>,
) -> Result<(Caller, Proven), SigninRefusal> {
    let caller = state
        .services
        .person_arrive(&provider, &proof, invitation, visit)
        .await?
        .map_err(SigninRefusal::NotAdmitted)?;
    let proven = Proven {
        grant: None,
        provider: Some(provider.id),
        id_token: Some(id_token),
    };
    Ok((caller, proven))
}

/// The person in the organisation that invited them, when they signed in as somebody of another.
async fn follow(
    state: &AppState,
    visit: &Visit,
    caller: Caller,
    invitation: Uuid,
) -> Result<Caller, SigninRefusal> {
    let tenant = state.services.invitation_tenant(invitation).await?;
    if tenant == Some(caller.tenant) {
        return Ok(caller);
    }
    Ok(state
        .services
        .invitation_accept(&caller, invitation, visit)
        .await?)
}

async fn person(state: &AppState, tenant: Uuid, subject: &str) -> Result<Uuid, SigninRefusal> {
    let found = state
        .services
        .principal_by_subject(tenant, LOCAL_ISSUER, subject)
        .await?;
    found.ok_or_else(|| SigninRefusal::UnknownPerson(subject.to_owned()))
}

/// Notes that the provider works, for the administrator who tried it; nobody is signed in.
async fn test(
    state: &AppState,
    parts: &Parts,
    tester: Uuid,
    good: Good,
) -> Result<Tested, SigninRefusal> {
    let ctx = parts
        .extensions
        .get::<OpContext>()
        .filter(|ctx| ctx.caller.principal == tester)
        .ok_or(SigninRefusal::OtherTester)?;
    let Way::Provider(provider) = good.way else {
        return Err(SigninRefusal::ProviderGone);
    };
    let proof = claims::proof(&good.claims, good.info.as_ref(), &provider.group_claim);
    state.services.provider_tested(ctx, &provider).await?;
    let Proof {
        issuer,
        subject,
        email,
        email_verified,
        groups,
        ..
    } = proof.clone();
    Ok(Tested {
        provider: provider.id,
        name: provider.name,
        issuer,
        subject,
        person: proof.display_name(),
        email,
        email_verified,
        groups,
    })
}

/// Tells the person in a sentence and the operator in a line of the log.
pub(super) async fn refuse(state: &AppState, parts: Parts, refusal: SigninRefusal) -> Response {
    let request_id = RequestId::of(&parts.extensions).0;
    let (text, status) = (refusal.sentence(), refusal.status());
    if status.is_server_error() {
        tracing::error!(request.id = request_id, "a sign-in failed: {refusal}");
    } else {
        tracing::warn!(request.id = request_id, "a sign-in was refused: {refusal}");
    }
    page::message(
        state,
        parts,
        status,
        "Sign-in refused",
        text,
        "Sign in again",
    )
    .await
}
