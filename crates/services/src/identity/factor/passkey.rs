//! Passkeys (WebAuthn) as a second step: a key pair that the browser, the device or a security key keeps, bound to the
//! portal's host, and used only after a finger, a face or a PIN. Nothing secret of it is kept here.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use domain::factor::{PASSKEYS, PasskeyView, passkey_name};
use domain::{Code, OpContext, Problem, Rule, Violation};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait,
    QueryFilter, QueryOrder,
};
use store::entity::{passkey, passkey_ceremony};
use uuid::Uuid;
use webauthn_rs::prelude::{
    PasskeyRegistration, RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

use super::place;
use crate::{Error, Result, Services};

/// How long a person may take with their device.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// What devices show beside the portal's host.
const NAME: &str = "Vitrine";

/// The refusal of an answer that does not fit its challenge; the log has the reason.
fn unfit(error: &dyn std::fmt::Display) -> Problem {
    tracing::info!("a passkey was not added: {error}");
    let message = "The passkey could not be added: what the browser sent does not fit. Try again.";
    Problem::new(Code::InvalidRequest, message)
}

fn view(row: passkey::Model) -> PasskeyView {
    PasskeyView {
        id: row.id,
        name: row.name,
        created_at: row.created_at,
        used_at: row.used_at,
    }
}

pub(super) fn credential_key(id: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(id)
}

/// The rows of a person, oldest first.
pub(super) async fn rows_of(
    db: &impl ConnectionTrait,
    principal: Uuid,
) -> Result<Vec<passkey::Model>> {
    let rows = passkey::Entity::find()
        .filter(passkey::Column::PrincipalId.eq(principal))
        .order_by_asc(passkey::Column::CreatedAt)
        .order_by_asc(passkey::Column::Id);
    Ok(rows.all(db).await?)
}

/// One of the caller's own.
async fn own(tx: &impl ConnectionTrait, ctx: &OpContext, id: Uuid) -> Result<passkey::Model> {
    let own = passkey::Entity::find_by_id(id)
        .filter(passkey::Column::PrincipalId.eq(ctx.caller.principal));
    let row = own.one(tx).await?;
    Ok(row.ok_or_else(|| Problem::not_found("The passkey"))?)
}

impl Services {
    /// Speaks WebAuthn for the portal's host; none where the portal has no name, since browsers bind passkeys to names.
    pub(super) fn webauthn(&self) -> Result<Option<Webauthn>> {
        let failed = |error: String| Error::internal(format!("passkeys can't be used: {error}"));
        let address = Url::parse(&self.settings().public_url);
        let address = address.map_err(|error| failed(error.to_string()))?;
        let Some(host) = address.domain() else {
            return Ok(None);
        };
        let made = WebauthnBuilder::new(host, &address)
            .and_then(|builder| builder.rp_name(NAME).build())
            .map_err(|error| failed(error.to_string()))?;
        Ok(Some(made))
    }

    /// A person's passkeys, oldest first.
    pub(super) async fn passkeys_of(&self, principal: Uuid) -> Result<Vec<PasskeyView>> {
        let rows = rows_of(self.db(), principal).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// Begins to add a passkey: what the browser is to make it with, as `PublicKeyCredentialCreationOptionsJSON`.
    ///
    /// # Errors
    /// `AuthorizationFailed` when the password was not given again, `Conflict` where browsers make none for this
    /// address, `QuotaExceeded` when there are ten.
    pub async fn passkey_begin(&self, ctx: &OpContext, session: Option<Uuid>) -> Result<String> {
        let tx = self.inner.store.begin().await?;
        self.factor_opened(&tx, ctx, session).await?;
        let principal = ctx.caller.principal;
        let known = rows_of(&tx, principal).await?;
        has_room(known.len())?;
        let webauthn = self.webauthn()?.ok_or_else(nameless)?;
        let excluded = known
            .iter()
            .filter_map(|row| BASE64_URL_SAFE_NO_PAD.decode(&row.credential_key).ok())
            .collect();
        let caller = &ctx.caller;
        let (options, state) = webauthn
            .start_passkey_registration(
                principal,
                &caller.user_name,
                &caller.display_name,
                Some(excluded),
            )
            .map_err(|error| Error::internal(error.to_string()))?;
        forget_ceremony(&tx, principal).await?;
        let row = passkey_ceremony::ActiveModel {
            id: Set(self.new_id()),
            principal_id: Set(principal),
            state: Set(serde_json::to_string(&state)?),
            expires_at: Set(self.now() + PATIENCE),
        };
        row.insert(&tx).await?;
        tx.commit().await?;
        Ok(serde_json::to_string(&options.public_key)?)
    }

    /// Adds the passkey that a browser made; it is asked for from now on.
    ///
    /// # Errors
    /// `InvalidRequest` for a bad name or an answer that does not fit, `AuthorizationFailed` when the password was not
    /// given again, `ResourceNotFound` when nothing was begun or it took too long, `QuotaExceeded` when there are ten,
    /// `AlreadyExists` for a passkey that is known.
    pub async fn passkey_add(
        &self,
        ctx: &OpContext,
        session: Option<Uuid>,
        name: &str,
        answer: &str,
    ) -> Result<PasskeyView> {
        Problem::unless_empty(passkey_name("name", name))?;
        let principal = ctx.caller.principal;
        let tx = self.inner.store.begin().await?;
        self.factor_opened(&tx, ctx, session).await?;
        let begun = passkey_ceremony::Entity::find()
            .filter(passkey_ceremony::Column::PrincipalId.eq(principal))
            .filter(passkey_ceremony::Column::ExpiresAt.gt(self.now()));
        let begun = begun.one(&tx).await?;
        let begun = begun.ok_or_else(|| Problem::not_found("The passkey that was begun"))?;
        has_room(rows_of(&tx, principal).await?.len())?;
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(answer).map_err(|error| unfit(&error))?;
        let state: PasskeyRegistration = serde_json::from_str(&begun.state)?;
        let made = self
            .webauthn()?
            .ok_or_else(nameless)?
            .finish_passkey_registration(&answer, &state)
            .map_err(|error| unfit(&error))?;
        forget_ceremony(&tx, principal).await?;
        let key = credential_key(made.cred_id());
        let known = passkey::Entity::find().filter(passkey::Column::CredentialKey.eq(key.as_str()));
        if known.one(&tx).await?.is_some() {
            let violation = Violation::new(Rule::AlreadyExists, "passkey").with("value", name);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let row = passkey::ActiveModel {
            id: Set(self.new_id()),
            principal_id: Set(principal),
            credential_key: Set(key),
            name: Set(name.trim().to_owned()),
            credential: Set(serde_json::to_string(&made)?),
            created_at: Set(self.now()),
            used_at: Set(None),
        };
        let row = row.insert(&tx).await?;
        self.record_done(&tx, ctx, "passkey_add", &place(principal), row.name.clone())
            .await?;
        tx.commit().await?;
        Ok(view(row))
    }

    /// Calls a passkey by another name.
    ///
    /// # Errors
    /// `InvalidRequest` for a bad name, `AuthorizationFailed` when the password was not given again, `ResourceNotFound`
    /// for what is not theirs.
    pub async fn passkey_rename(
        &self,
        ctx: &OpContext,
        session: Option<Uuid>,
        id: Uuid,
        name: &str,
    ) -> Result<PasskeyView> {
        Problem::unless_empty(passkey_name("name", name))?;
        let tx = self.inner.store.begin().await?;
        self.factor_opened(&tx, ctx, session).await?;
        let row = own(&tx, ctx, id).await?;
        let detail = format!("{}, once {}", name.trim(), row.name);
        let mut change: passkey::ActiveModel = row.into();
        change.name = Set(name.trim().to_owned());
        let row = change.update(&tx).await?;
        let what = place(ctx.caller.principal);
        self.record_done(&tx, ctx, "passkey_rename", &what, detail)
            .await?;
        tx.commit().await?;
        Ok(view(row))
    }

    /// Removes a passkey: it signs nobody in any more.
    ///
    /// # Errors
    /// `AuthorizationFailed` when the password was not given again, `ResourceNotFound` for what is not theirs.
    pub async fn passkey_remove(
        &self,
        ctx: &OpContext,
        session: Option<Uuid>,
        id: Uuid,
    ) -> Result<()> {
        let tx = self.inner.store.begin().await?;
        self.factor_opened(&tx, ctx, session).await?;
        let row = own(&tx, ctx, id).await?;
        let name = row.name.clone();
        row.delete(&tx).await?;
        let principal = ctx.caller.principal;
        self.recovery_forget_alone(&tx, principal).await?;
        self.record_done(&tx, ctx, "passkey_remove", &place(principal), name)
            .await?;
        Ok(tx.commit().await?)
    }
}

async fn forget_ceremony(tx: &impl ConnectionTrait, principal: Uuid) -> Result<()> {
    passkey_ceremony::Entity::delete_many()
        .filter(passkey_ceremony::Column::PrincipalId.eq(principal))
        .exec(tx)
        .await?;
    Ok(())
}

fn has_room(count: usize) -> std::result::Result<(), Problem> {
    if count < PASSKEYS {
        return Ok(());
    }
    let message = format!("An account has {PASSKEYS} passkeys at most. Remove one of them first.");
    Err(Problem::new(Code::QuotaExceeded, message))
}

/// The refusal where the portal's address is of numbers.
fn nameless() -> Problem {
    let message =
        "Browsers make passkeys for portals with a name, and this one's address is of numbers.";
    Problem::new(Code::Conflict, message)
}
