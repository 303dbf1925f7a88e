//! Handlers that need somebody signed in, and connections that outlive their request.

use app::features::account::CurrentSession;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::{Code, OpContext, Problem};
use services::Error;
use uuid::Uuid;

use super::RequestId;
use super::refusal::Refusal;
use crate::auth;
use crate::state::AppState;

/// The caller of this request; without one the handler is not reached.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Who asks, for the services.
    pub context: OpContext,
    /// None for a bearer token.
    session: Option<Uuid>,
    headers: HeaderMap,
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let session = parts.extensions.get::<CurrentSession>().map(|id| id.0);
        match parts.extensions.get::<OpContext>() {
            Some(context) => Ok(Self {
                context: context.clone(),
                session,
                headers: parts.headers.clone(),
            }),
            None => Err(Refusal::of(
                Problem::new(Code::AuthenticationFailed, "Sign in to go on."),
                parts,
            )),
        }
    }
}

impl Signed {
    /// Looks anew who this is and what they may; a connection that lives on asks now and then.
    ///
    /// A session is only looked at, not used: a page left open does not keep it from falling asleep.
    ///
    /// # Errors
    /// `AuthenticationFailed` when the session ended, the token expired or the account was disabled.
    pub(crate) async fn renew(&mut self, state: &AppState) -> Result<(), Error> {
        let ended = || {
            Problem::new(
                Code::AuthenticationFailed,
                "Your session has ended. Sign in again.",
            )
        };
        let services = &state.services;
        let Some(session) = self.session else {
            let request_id = RequestId(self.context.request_id.clone());
            self.context = auth::resolve(state, &self.headers, &request_id)
                .await
                .ok_or_else(ended)?;
            return Ok(());
        };
        if !services.session_is_live(session).await? {
            return Err(ended().into());
        }
        let caller = &self.context.caller;
        self.context.caller = services
            .caller_load(caller.principal, caller.tenant)
            .await?;
        self.context.now = services.now();
        Ok(())
    }
}
