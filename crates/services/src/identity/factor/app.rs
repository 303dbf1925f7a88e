//! Codes of an authenticator app (TOTP, RFC 6238): six digits, a new one every 30 seconds.

use domain::factor::AppSetup;
use domain::{Code, OpContext, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use store::entity::totp;
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use super::{app_of, place};
use crate::{Error, Result, Services};

/// Bytes of a secret: as many as the hash behind the codes has.
const BYTES: usize = 20;

/// Steps before and after the present one whose codes are taken too: clocks differ, and people take time to type.
const SKEW: u16 = 1;

/// What apps show above the codes.
const ISSUER: &str = "Vitrine";

/// Where a secret is sealed for.
fn sealed_for(id: Uuid) -> String {
    format!("totp {id}")
}

/// What makes and checks codes.
fn codes(secret: &str, user_name: &str) -> Result<Totp> {
    let bad = |what: &str| Error::internal(format!("the secret of an app can't be used: {what}"));
    let secret = Secret::try_from_base32(secret).map_err(|error| bad(&error.to_string()))?;
    Builder::new()
        .with_secret(secret)
        .with_skew(SKEW)
        // A colon separates issuer and name in the address.
        .with_account_name(user_name.replace(':', " "))
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|error| bad(&error.to_string()))
}

impl Services {
    /// Begins to set up an app: makes a new secret, which counts for nothing before its first code was given.
    ///
    /// # Errors
    /// `AuthorizationFailed` when the password was not given again, `Conflict` while an app is set up.
    pub async fn totp_begin(&self, ctx: &OpContext, session: Option<Uuid>) -> Result<()> {
        let tx = self.inner.store.begin().await?;
        self.factor_opened(&tx, ctx, session).await?;
        let principal = ctx.caller.principal;
        if app_of(&tx, principal).await?.is_some() {
            let message = "An app is set up already. Remove it before you set up another one.";
            return Err(Problem::new(Code::Conflict, message).into());
        }
        totp::Entity::delete_many()
            .filter(totp::Column::PrincipalId.eq(principal))
            .exec(&tx)
            .await?;
        let (id, mut bytes) = (self.new_id(), [0; BYTES]);
        self.inner.ids.fill(&mut bytes);
        let secret = Secret::from(bytes).to_base32();
        let sealed = self
            .inner
            .seal
            .close(&sealed_for(id), &secret, &*self.inner.ids)?;
        let row = totp::ActiveModel {
            id: Set(id),
            principal_id: Set(principal),
            secret: Set(sealed),
            last_step: Set(0),
            created_at: Set(self.now()),
            confirmed_at: Set(None),
        };
        row.insert(&tx).await?;
        Ok(tx.commit().await?)
    }

    /// What the app is to be set up with, until its first code was given; never after that.
    ///
    /// # Errors
    /// `AuthorizationFailed` when the password was not given again.
    pub async fn totp_pending(
        &self,
        ctx: &OpContext,
        session: Option<Uuid>,
    ) -> Result<Option<AppSetup>> {
        self.factor_opened(self.db(), ctx, session).await?;
        let query = totp::Entity::find()
            .filter(totp::Column::PrincipalId.eq(ctx.caller.principal))
            .filter(totp::Column::ConfirmedAt.is_null());
        let Some(row) = query.one(self.db()).await? else {
            return Ok(None);
        };
        let secret = self.inner.seal.reveal(&sealed_for(row.id), &row.secret)?;
        let address = codes(&secret, &ctx.caller.user_name)?
            .to_url()
            .map_err(|error| Error::internal(error.to_string()))?;
        Ok(Some(AppSetup { secret, address }))
    }

    /// Ends the setting up: a code shows that the app has the secret. It is asked for from now on.
    ///
    /// # Errors
    /// `InvalidRequest` for a wrong code, `AuthorizationFailed` when the password was not given again,
    /// `ResourceNotFound` when nothing was begun.
    pub async fn totp_confirm(
        &self,
        ctx: &OpContext,
        session: Option<Uuid>,
        code: &str,
    ) -> Result<()> {
        let tx = self.inner.store.begin().await?;
        self.factor_opened(&tx, ctx, session).await?;
        let query = totp::Entity::find()
            .filter(totp::Column::PrincipalId.eq(ctx.caller.principal))
            .filter(totp::Column::ConfirmedAt.is_null());
        let row = query.one(&tx).await?;
        let row = row.ok_or_else(|| Problem::not_found("The app that is being set up"))?;
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let Some(step) = self.totp_step(&row, &code)? else {
            let message = "This is not the code that the app shows now. Check the time of the device that shows it.";
            return Err(Problem::new(Code::InvalidRequest, message)
                .at("code")
                .into());
        };
        let mut change: totp::ActiveModel = row.into();
        change.last_step = Set(step);
        change.confirmed_at = Set(Some(self.now()));
        change.update(&tx).await?;
        let (what, detail) = (place(ctx.caller.principal), "an authenticator app");
        self.record_done(&tx, ctx, "totp_confirm", &what, detail)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Removes the app, or gives up setting it up.
    ///
    /// # Errors
    /// `AuthorizationFailed` when the password was not given again, `ResourceNotFound` when there is none.
    pub async fn totp_remove(&self, ctx: &OpContext, session: Option<Uuid>) -> Result<()> {
        let tx = self.inner.store.begin().await?;
        self.factor_opened(&tx, ctx, session).await?;
        let principal = ctx.caller.principal;
        let removed = totp::Entity::delete_many()
            .filter(totp::Column::PrincipalId.eq(principal))
            .exec(&tx)
            .await?;
        if removed.rows_affected == 0 {
            return Err(Problem::not_found("The authenticator app").into());
        }
        self.recovery_forget_alone(&tx, principal).await?;
        let (what, detail) = (place(principal), "the authenticator app");
        self.record_done(&tx, ctx, "totp_remove", &what, detail)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Takes a code at the sign-in: once, and none of an earlier moment after it.
    pub(super) async fn totp_take(
        &self,
        tx: &impl ConnectionTrait,
        principal: Uuid,
        code: &str,
    ) -> Result<bool> {
        let Some(row) = app_of(tx, principal).await? else {
            return Ok(false);
        };
        let Some(step) = self.totp_step(&row, code)? else {
            return Ok(false);
        };
        // One statement decides which of two servers takes the code.
        let taken = totp::Entity::update_many()
            .set(totp::ActiveModel {
                last_step: Set(step),
                ..Default::default()
            })
            .filter(totp::Column::Id.eq(row.id))
            .filter(totp::Column::LastStep.lt(step))
            .exec(tx)
            .await?;
        Ok(taken.rows_affected == 1)
    }

    /// The step that a code belongs to, when it is one of those that are taken now.
    fn totp_step(&self, row: &totp::Model, code: &str) -> Result<Option<i64>> {
        let secret = self.inner.seal.reveal(&sealed_for(row.id), &row.secret)?;
        let now = u64::try_from(self.now().timestamp()).unwrap_or_default();
        let step = codes(&secret, "")?.check(code, now);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }
}
