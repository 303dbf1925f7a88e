//! The second step of the portal's own sign-in: what an account asks for besides the password. Whatever shows the sign-in
//! page passes here, since all other clients meet somebody who is signed in to the portal.

use app::features::signin::{Asked, SecondFactor};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use domain::{Code, Problem};
use leptos::prelude::*;
use serde::Deserialize;
use services::identity::{SecondStep, StepProof, StepRefusal, Visit};

use super::authority::Authority;
use super::authorize::{address, form, give_code, slowed};
use super::request::AuthorizationRequest;
use crate::auth::page;
use crate::state::AppState;

/// What the forms of the second step send.
#[derive(Deserialize, Default)]
pub(super) struct Shown {
    /// The secret that the page holds: whose password was right.
    step: Option<String>,
    code: Option<String>,
    passkey: Option<String>,
}

impl Shown {
    /// The step with what is shown for it; none where no second step was sent.
    pub(super) fn read(self) -> Option<(String, StepProof)> {
        let step = self.step?;
        let proof = match self.passkey {
            Some(answer) => StepProof::Passkey(answer),
            None => StepProof::Code(self.code.unwrap_or_default()),
        };
        Some((step, proof))
    }
}

/// Checks what was shown, and sends the browser back to the portal with a code.
pub(super) async fn answer(
    state: &AppState,
    authority: &Authority,
    parts: Parts,
    request: AuthorizationRequest,
    (step, proof): (String, StepProof),
    visit: &Visit,
) -> Response {
    let services = &state.services;
    let finished = services
        .second_step_finish(authority.tenant(), &step, &proof, visit)
        .await;
    let problem = match finished {
        Ok(Ok(caller)) => return give_code(state, parts, request, &caller).await,
        Ok(Err(StepRefusal::Over)) => {
            let message = "The second step took too long, or was done already. Begin again with your password.";
            let over = Problem::new(Code::AuthenticationFailed, message);
            return form(state, authority, parts, request.login_hint, Some(over)).await;
        }
        Ok(Err(StepRefusal::Wrong)) => wrong(&proof),
        Err(error) => error.into_problem(&visit.request_id),
    };
    match services.second_step_show(&step).await {
        Ok(Some(step)) => draw(state, parts, step, Some(problem)).await,
        Ok(None) => form(state, authority, parts, request.login_hint, Some(problem)).await,
        Err(error) => {
            let problem = error.into_problem(&visit.request_id);
            form(state, authority, parts, request.login_hint, Some(problem)).await
        }
    }
}

fn wrong(proof: &StepProof) -> Problem {
    let message = match proof {
        StepProof::Code(_) => {
            "The code is wrong, or was used before. An app shows a new one every 30 seconds."
        }
        StepProof::Passkey(_) => "The passkey was not accepted. Try it again, or use a code.",
    };
    Problem::new(Code::AuthenticationFailed, message)
}

/// Draws the page of the step.
pub(super) async fn draw(
    state: &AppState,
    parts: Parts,
    step: SecondStep,
    problem: Option<Problem>,
) -> Response {
    let status = problem
        .as_ref()
        .and_then(|problem| StatusCode::from_u16(problem.code.status()).ok())
        .unwrap_or(StatusCode::OK);
    let action = address(&parts);
    let asked = Asked {
        step: step.secret,
        user_name: step.user_name,
        app: step.app,
        recovery: step.recovery,
        passkey: step.passkey,
    };
    let response = page::draw(state, parts, status, move || {
        view! { <SecondFactor action=action.clone() asked=asked.clone() problem=problem.clone() /> }
    });
    slowed(response.await)
}
