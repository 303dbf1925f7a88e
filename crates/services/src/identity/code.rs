//! Authorization codes of the built-in issuer.

use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
};
use store::entity::{auth_code, refresh_token, session};
use uuid::Uuid;

use super::secret;
use crate::{Result, Services};

/// How long a code is good: it is redeemed by a program, at once.
const LIFE: TimeDelta = TimeDelta::seconds(60);

/// What an authorization code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCode {
    /// The client that asked for it.
    pub client_id: String,
    /// Who signed in.
    pub principal: Uuid,
    /// Where.
    pub tenant: Uuid,
    /// Where the code is sent; the exchange must name the same.
    pub redirect_uri: String,
    /// Goes into the id token.
    pub nonce: Option<String>,
    /// PKCE challenge, method S256.
    pub code_challenge: String,
    /// What was asked for.
    pub scope: String,
}

/// What a good code was exchanged for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeemed {
    /// Names everything that is given for this code, so that it can be taken back.
    pub grant: Uuid,
    /// Who signed in.
    pub principal: Uuid,
    /// Where.
    pub tenant: Uuid,
    /// Goes into the id token.
    pub nonce: Option<String>,
    /// What was asked for.
    pub scope: String,
}

/// Why a code is not exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefusal {
    /// We did not give it out.
    #[error("the code is unknown")]
    Unknown,
    /// It came a second time; what was given for it the first time counts no more.
    #[error("the code was used before")]
    Reused,
    /// It came too late.
    #[error("the code expired")]
    Expired,
    /// Another client asked for it.
    #[error("the code belongs to another client")]
    ClientMismatch,
    /// It was sent to another address.
    #[error("the redirect address differs from the one that was asked for")]
    RedirectMismatch,
    /// The PKCE verifier does not fit.
    #[error("the code verifier does not fit the challenge")]
    VerifierMismatch,
}

impl Services {
    /// Makes an authorization code.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn code_create(&self, new: NewCode) -> Result<String> {
        let code = self.secret();
        let row = auth_code::ActiveModel {
            id: Set(self.new_id()),
            code_hash: Set(secret::hash(&code)),
            client_id: Set(new.client_id),
            principal_id: Set(new.principal),
            tenant_id: Set(new.tenant),
            redirect_uri: Set(new.redirect_uri),
            nonce: Set(new.nonce),
            code_challenge: Set(new.code_challenge),
            scope: Set(new.scope),
            expires_at: Set(self.now() + LIFE),
            used_at: Set(None),
            revoked_at: Set(None),
        };
        row.insert(self.db()).await?;
        Ok(code)
    }

    /// Exchanges a code, once. A wrong exchange burns the code; a second exchange takes back what the first one gave.
    ///
    /// # Errors
    /// Internal ones; what is wrong with the exchange is the inner result.
    pub async fn code_redeem(
        &self,
        tenant: Option<Uuid>,
        code: &str,
        client_id: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<std::result::Result<Redeemed, CodeRefusal>> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let mut query =
            auth_code::Entity::find().filter(auth_code::Column::CodeHash.eq(secret::hash(code)));
        if self.inner.store.is_postgres() {
            query = query.lock_exclusive();
        }
        let Some(row) = query
            .one(&tx)
            .await?
            .filter(|row| tenant.is_none_or(|tenant| tenant == row.tenant_id))
        else {
            return Ok(Err(CodeRefusal::Unknown));
        };
        let refusal = if row.used_at.is_some() {
            Some(CodeRefusal::Reused)
        } else if row.expires_at <= now {
            Some(CodeRefusal::Expired)
        } else if row.client_id != client_id {
            Some(CodeRefusal::ClientMismatch)
        } else if row.redirect_uri != redirect_uri {
            Some(CodeRefusal::RedirectMismatch)
        } else if !secret::equal(&secret::challenge(verifier), &row.code_challenge) {
            Some(CodeRefusal::VerifierMismatch)
        } else {
            None
        };
        let redeemed = Redeemed {
            grant: row.id,
            principal: row.principal_id,
            tenant: row.tenant_id,
            nonce: row.nonce.clone(),
            scope: row.scope.clone(),
        };
        let used_at = row.used_at.or(Some(now));
        let mut change: auth_code::ActiveModel = row.into();
        change.used_at = Set(used_at);
        if refusal == Some(CodeRefusal::Reused) {
            change.revoked_at = Set(Some(now));
            session::Entity::delete_many()
                .filter(session::Column::GrantId.eq(redeemed.grant))
                .exec(&tx)
                .await?;
            self.family_revoke(&tx, redeemed.grant).await?;
        }
        change.update(&tx).await?;
        tx.commit().await?;
        Ok(refusal.map_or(Ok(redeemed), Err))
    }

    /// Whether everything that was given for a sign-in was taken back: its code came twice, or a refresh token of it
    /// came again, or its person's programs were signed out.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn grant_is_revoked(&self, grant: Uuid) -> Result<bool> {
        let row = auth_code::Entity::find_by_id(grant).one(self.db()).await?;
        if row.is_some_and(|row| row.revoked_at.is_some()) {
            return Ok(true);
        }
        let revoked = refresh_token::Entity::find()
            .filter(refresh_token::Column::Family.eq(grant))
            .filter(refresh_token::Column::RevokedAt.is_not_null());
        Ok(revoked.one(self.db()).await?.is_some())
    }
}
