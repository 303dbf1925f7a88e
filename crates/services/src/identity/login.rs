//! Sign-ins that are under way at an issuer.

use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use store::entity::login_state;
use uuid::Uuid;

use super::secret;
use crate::{Result, Services};

/// How long a person may take at the issuer.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// What has to be remembered of a sign-in until the browser comes back.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct LoginStart {
    /// The issuer's address; its answer must come from there.
    pub issuer: String,
    /// The id token must hold it.
    pub nonce: String,
    /// Proves to the issuer that it is us who come for the token.
    pub pkce_verifier: String,
    /// A path of the portal; see [`super::local_path`].
    pub return_to: String,
    /// The secret in the browser's sign-in cookie: only this browser may finish.
    pub browser: String,
    /// The tenant's provider; none for the built-in issuer.
    pub provider: Option<Uuid>,
    /// The invitation that the person follows.
    pub invitation: Option<Uuid>,
    /// The administrator who tries the provider out: nobody is signed in then.
    pub tester: Option<Uuid>,
}

impl std::fmt::Debug for LoginStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginStart")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// A sign-in whose browser came back.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The issuer's address.
    pub issuer: String,
    /// The id token must hold it.
    pub nonce: String,
    /// Proves to the issuer that it is us who come for the token.
    pub pkce_verifier: String,
    /// A path of the portal.
    pub return_to: String,
    /// The tenant's provider; none for the built-in issuer.
    pub provider: Option<Uuid>,
    /// The invitation that the person follows.
    pub invitation: Option<Uuid>,
    /// The administrator who tries the provider out.
    pub tester: Option<Uuid>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Why a state is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginRefusal {
    /// We did not give it out, or it was swept long ago.
    #[error("the state is unknown")]
    Unknown,
    /// Another browser began this sign-in.
    #[error("the state belongs to another browser")]
    Foreign,
    /// It came a second time.
    #[error("the state was used before")]
    Used,
    /// The person took too long.
    #[error("the state expired")]
    Expired,
}

impl Services {
    /// A new random secret: for states, nonces, verifiers and the sign-in cookie.
    #[must_use]
    pub fn secret(&self) -> String {
        secret::generate(&*self.inner.ids)
    }

    /// Remembers a sign-in and answers the state to send along.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn login_begin(&self, start: LoginStart) -> Result<String> {
        let state = self.secret();
        let row = login_state::ActiveModel {
            id: Set(self.new_id()),
            state_hash: Set(secret::hash(&state)),
            browser_hash: Set(secret::hash(&start.browser)),
            issuer: Set(start.issuer),
            nonce: Set(start.nonce),
            pkce_verifier: Set(start.pkce_verifier),
            return_to: Set(start.return_to),
            expires_at: Set(self.now() + PATIENCE),
            used_at: Set(None),
            provider_id: Set(start.provider),
            invitation_id: Set(start.invitation),
            tester_id: Set(start.tester),
        };
        row.insert(self.db()).await?;
        Ok(state)
    }

    /// Takes a sign-in up again, once. A state that the wrong browser brings stays good for the right one.
    ///
    /// # Errors
    /// Internal ones; what is wrong with the state is the inner result.
    pub async fn login_finish(
        &self,
        state: &str,
        browser: Option<&str>,
    ) -> Result<std::result::Result<Login, LoginRefusal>> {
        let now = self.now();
        let query = login_state::Entity::find()
            .filter(login_state::Column::StateHash.eq(secret::hash(state)));
        let Some(row) = query.one(self.db()).await? else {
            return Ok(Err(LoginRefusal::Unknown));
        };
        if !browser.is_some_and(|browser| secret::equal(&secret::hash(browser), &row.browser_hash))
        {
            return Ok(Err(LoginRefusal::Foreign));
        }
        // One statement decides who comes first, whatever number of servers ask at once.
        let taken = login_state::Entity::update_many()
            .set(login_state::ActiveModel {
                used_at: Set(Some(now)),
                ..Default::default()
            })
            .filter(login_state::Column::Id.eq(row.id))
            .filter(login_state::Column::UsedAt.is_null())
            .exec(self.db())
            .await?;
        if taken.rows_affected == 0 {
            return Ok(Err(LoginRefusal::Used));
        }
        if row.expires_at <= now {
            return Ok(Err(LoginRefusal::Expired));
        }
        let login = Login {
            issuer: row.issuer,
            nonce: row.nonce,
            pkce_verifier: row.pkce_verifier,
            return_to: row.return_to,
            provider: row.provider_id,
            invitation: row.invitation_id,
            tester: row.tester_id,
        };
        Ok(Ok(login))
    }
}
