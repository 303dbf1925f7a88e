//! Looking at one's own factors, and opening them for changes by giving the password again.

use domain::activity::ActivityResult;
use domain::factor::{FactorsView, PROVED};
use domain::{Code, OpContext, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use store::entity::{local_account, session};
use uuid::Uuid;

use super::recovery::recovery_left;
use super::{account_of, app_of, place};
use crate::{Result, Services};

impl Services {
    /// The caller's own factors. `session` is the one that asks.
    ///
    /// # Errors
    /// `ResourceNotFound` for those who do not sign in at the built-in issuer here.
    pub async fn factor_list(&self, ctx: &OpContext, session: Option<Uuid>) -> Result<FactorsView> {
        let principal = ctx.caller.principal;
        account_of(self.db(), principal).await?;
        let left = recovery_left(self.db(), principal).await?;
        let proved_at = match session {
            Some(id) => own_session(self.db(), ctx, id).await?.proved_at,
            None => None,
        };
        Ok(FactorsView {
            app_since: app_of(self.db(), principal)
                .await?
                .and_then(|app| app.confirmed_at),
            passkeys: self.passkeys_of(principal).await?,
            recovery_left: usize::try_from(left).unwrap_or(usize::MAX),
            open_until: proved_at
                .map(|at| at + PROVED)
                .filter(|until| *until > self.now()),
            passkeys_possible: self.webauthn()?.is_some(),
        })
    }

    /// Opens the caller's factors for changes in this session, for ten minutes: their password is given again. Wrong
    /// ones count like those at the sign-in.
    ///
    /// # Errors
    /// `InvalidRequest` for a wrong password, `TooManyRequests` while attempts must wait, `AuthorizationFailed` for a
    /// program, `ResourceNotFound` for those who do not sign in at the built-in issuer here.
    pub async fn factor_open(
        &self,
        ctx: &OpContext,
        session: Option<Uuid>,
        password: &str,
    ) -> Result<()> {
        let missing = || Problem::not_found("The local account");
        let session = own_session(self.db(), ctx, session.ok_or_else(in_browser)?).await?;
        let name = account_of(self.db(), ctx.caller.principal)
            .await?
            .user_name_key;
        let reserved = self
            .account_reserve(Some(ctx.tenant()), &name, self.now())
            .await?;
        let (account, person) = reserved.ok_or_else(missing)?;
        let hash = Some(account.password_hash.as_str());
        if !self.inner.identity.hasher.verify(password, hash).await? {
            let (what, detail) = (place(person.id), "wrong password");
            let result = ActivityResult::Refused;
            self.record(self.db(), ctx, "factor_open", &what, result, detail)
                .await?;
            let wrong = Problem::new(Code::InvalidRequest, "The password is wrong.");
            return Err(wrong.at("password").into());
        }
        let mut change: local_account::ActiveModel = account.into();
        change.failed_count = Set(0);
        change.locked_until = Set(None);
        change.update(self.db()).await?;
        let mut change: session::ActiveModel = session.into();
        change.proved_at = Set(Some(self.now()));
        change.update(self.db()).await?;
        Ok(())
    }

    /// Whether the caller gave their password a moment ago, in the session that asks.
    ///
    /// # Errors
    /// `AuthorizationFailed` when they did not, `ResourceNotFound` for those who do not sign in at the built-in issuer.
    pub(super) async fn factor_opened(
        &self,
        db: &impl ConnectionTrait,
        ctx: &OpContext,
        session: Option<Uuid>,
    ) -> Result<local_account::Model> {
        let session = own_session(db, ctx, session.ok_or_else(in_browser)?).await?;
        let account = account_of(db, ctx.caller.principal).await?;
        let is_open = session
            .proved_at
            .is_some_and(|at| at + PROVED > self.now() && at >= account.changed_at);
        if !is_open {
            let message = "Give your password again first.";
            return Err(Problem::new(Code::AuthorizationFailed, message).into());
        }
        Ok(account)
    }
}

/// A session of the caller's own.
async fn own_session(
    db: &impl ConnectionTrait,
    ctx: &OpContext,
    id: Uuid,
) -> Result<session::Model> {
    let own = session::Entity::find_by_id(id)
        .filter(session::Column::PrincipalId.eq(ctx.caller.principal));
    let row = own.one(db).await?;
    Ok(row.ok_or_else(|| Problem::not_found("The session"))?)
}

/// The refusal of a program that acts for a person.
fn in_browser() -> Problem {
    let message = "Second factors are changed in the browser, by one who signed in there.";
    Problem::new(Code::AuthorizationFailed, message)
}
