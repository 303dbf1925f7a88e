//! Signing in with a passkey: a challenge, and the signature of it.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use store::entity::passkey;
use uuid::Uuid;
use webauthn_rs::prelude::{Passkey, PasskeyAuthentication, PublicKeyCredential};

use super::passkey::{credential_key, rows_of};
use crate::{Error, Result, Services};

impl Services {
    /// A challenge for a person's passkeys at the sign-in: for the browser, and what is to be kept of it. None without
    /// passkeys.
    pub(super) async fn passkey_challenge(
        &self,
        db: &impl ConnectionTrait,
        principal: Uuid,
    ) -> Result<Option<(String, String)>> {
        let rows = rows_of(db, principal).await?;
        let Some(webauthn) = self.webauthn()?.filter(|_| !rows.is_empty()) else {
            return Ok(None);
        };
        let keys = rows
            .iter()
            .map(|row| serde_json::from_str(&row.credential))
            .collect::<std::result::Result<Vec<Passkey>, _>>()?;
        let (options, state) = webauthn
            .start_passkey_authentication(&keys)
            .map_err(|error| Error::internal(error.to_string()))?;
        Ok(Some((
            serde_json::to_string(&options.public_key)?,
            serde_json::to_string(&state)?,
        )))
    }

    /// Takes a passkey's signature of its challenge; answers the passkey's name. A counter that did not grow tells of a
    /// copied key, and is refused.
    pub(super) async fn passkey_take(
        &self,
        tx: &impl ConnectionTrait,
        principal: Uuid,
        ceremony: &str,
        answer: &str,
    ) -> Result<Option<String>> {
        let Some(webauthn) = self.webauthn()? else {
            return Ok(None);
        };
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else {
            return Ok(None);
        };
        let state: PasskeyAuthentication = serde_json::from_str(ceremony)?;
        let proved = match webauthn.finish_passkey_authentication(&answer, &state) {
            Ok(proved) => proved,
            Err(error) => {
                tracing::info!(principal.id = %principal, "a passkey was refused: {error}");
                return Ok(None);
            }
        };
        // The row of now: what was removed since the challenge was made signs nobody in.
        let row = passkey::Entity::find()
            .filter(passkey::Column::PrincipalId.eq(principal))
            .filter(passkey::Column::CredentialKey.eq(credential_key(proved.cred_id())));
        let Some(row) = row.one(tx).await? else {
            return Ok(None);
        };
        let mut key: Passkey = serde_json::from_str(&row.credential)?;
        key.update_credential(&proved);
        let name = row.name.clone();
        let mut change: passkey::ActiveModel = row.into();
        change.credential = Set(serde_json::to_string(&key)?);
        change.used_at = Set(Some(self.now()));
        change.update(tx).await?;
        Ok(Some(name))
    }
}
