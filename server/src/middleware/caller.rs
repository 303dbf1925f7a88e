//! Handlers that need somebody signed in, and connections that outlive their request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{Code, OpContext, Problem};
use services::{Error, Services};
use uuid::Uuid;

use super::refusal::Refusal;

/// The session that the request's cookie stands for; `auth::caller_layer` puts it beside the `OpContext`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionId(pub Uuid);

/// The caller of this request; without one the handler is not reached.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Who asks, for the services.
    pub context: OpContext,
    /// None for a bearer token.
    pub session: Option<Uuid>,
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let session = parts.extensions.get::<SessionId>().map(|id| id.0);
        match parts.extensions.get::<OpContext>() {
            Some(context) => Ok(Self { context: context.clone(), session }),
            None => Err(Refusal::of(Problem::new(Code::AuthenticationFailed, "Sign in to go on."), parts)),
        }
    }
}

impl Signed {
    /// Looks anew who this is and what they may; a connection that lives on asks now and then.
    ///
    /// # Errors
    /// `AuthenticationFailed` when the session ended or the account was disabled.
    pub async fn renew(&mut self, services: &Services) -> Result<(), Error> {
        if let Some(session) = self.session
            && !services.session_is_live(session).await?
        {
            return Err(Problem::new(Code::AuthenticationFailed, "Your session has ended. Sign in again.").into());
        }
        let caller = &self.context.caller;
        self.context.caller = services.caller_load(caller.principal, caller.tenant).await?;
        self.context.now = services.now();
        Ok(())
    }
}
