//! Refresh tokens: what a command line holds for the person who signed in with it.
//!
//! Each is used once and replaced by the next of its family. One that comes again later was stolen, or its successor
//! was, and nobody can tell which: the whole family ends, and with it the access tokens that bear its name.

use chrono::TimeDelta;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QuerySelect,
};
use store::entity::{principal, refresh_token};
use uuid::Uuid;

use super::secret;
use crate::{Result, Services};

/// How long a token is good when it is not used.
const LIFE: TimeDelta = TimeDelta::days(90);

/// How long after its first use a token may come again: commands that run at once share one, and answers get lost.
const GRACE: TimeDelta = TimeDelta::seconds(30);

/// What a refresh token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshGrant {
    /// Names everything that was given for one sign-in.
    pub family: Uuid,
    /// The client that holds it.
    pub client_id: String,
    /// Who signed in.
    pub principal: Uuid,
    /// Where.
    pub tenant: Uuid,
    /// What was asked for.
    pub scope: String,
}

/// Why a refresh token is not exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefreshRefusal {
    /// We did not give it out, or it was swept long ago.
    #[error("the refresh token is unknown")]
    Unknown,
    /// It came again; its family ended.
    #[error("the refresh token was used before")]
    Reused,
    /// Its family ended before.
    #[error("the refresh token was taken back")]
    Revoked,
    /// It was not used for too long.
    #[error("the refresh token expired")]
    Expired,
    /// Another client holds it.
    #[error("the refresh token belongs to another client")]
    ClientMismatch,
}

impl Services {
    /// Makes a refresh token.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn refresh_create(&self, grant: RefreshGrant) -> Result<String> {
        self.refresh_insert(self.db(), grant).await
    }

    /// Exchanges a refresh token for the next of its family.
    ///
    /// # Errors
    /// Internal ones; what is wrong with the token is the inner result.
    pub async fn refresh_redeem(
        &self,
        token: &str,
        client_id: &str,
    ) -> Result<std::result::Result<(RefreshGrant, String), RefreshRefusal>> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let mut query = refresh_token::Entity::find()
            .filter(refresh_token::Column::TokenHash.eq(secret::hash(token)));
        if self.inner.store.is_postgres() {
            query = query.lock_exclusive();
        }
        let Some(row) = query.one(&tx).await? else {
            return Ok(Err(RefreshRefusal::Unknown));
        };
        let refusal = if row.client_id != client_id {
            Some(RefreshRefusal::ClientMismatch)
        } else if row.revoked_at.is_some() {
            Some(RefreshRefusal::Revoked)
        } else if row.expires_at <= now {
            Some(RefreshRefusal::Expired)
        } else if row.used_at.is_some_and(|used| used + GRACE < now) {
            Some(RefreshRefusal::Reused)
        } else {
            None
        };
        let grant = RefreshGrant {
            family: row.family,
            client_id: row.client_id.clone(),
            principal: row.principal_id,
            tenant: row.tenant_id,
            scope: row.scope.clone(),
        };
        match refusal {
            Some(RefreshRefusal::Reused) => {
                self.family_revoke(&tx, row.family).await?;
                tx.commit().await?;
                Ok(Err(RefreshRefusal::Reused))
            }
            Some(refusal) => Ok(Err(refusal)),
            None => {
                let used_at = row.used_at.or(Some(now));
                let mut change: refresh_token::ActiveModel = row.into();
                change.used_at = Set(used_at);
                change.update(&tx).await?;
                let next = self.refresh_insert(&tx, grant.clone()).await?;
                tx.commit().await?;
                Ok(Ok((grant, next)))
            }
        }
    }

    /// Who the person of a grant is in a tenant: the one who signed in, or their guest there.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn principal_elsewhere(&self, principal: Uuid, tenant: Uuid) -> Result<Option<Uuid>> {
        let Some(home) = principal::Entity::find_by_id(principal)
            .one(self.db())
            .await?
        else {
            return Ok(None);
        };
        if home.tenant_id == tenant {
            return Ok(Some(home.id));
        }
        self.principal_by_subject(tenant, &home.issuer, &home.subject)
            .await
    }

    /// Ends every sign-in of a person's programs, in the transaction of what makes that necessary.
    pub(crate) async fn refresh_revoke_of(
        &self,
        tx: &impl ConnectionTrait,
        principal: Uuid,
    ) -> Result<()> {
        refresh_token::Entity::update_many()
            .col_expr(
                refresh_token::Column::RevokedAt,
                Expr::value(Some(self.now())),
            )
            .filter(refresh_token::Column::PrincipalId.eq(principal))
            .filter(refresh_token::Column::RevokedAt.is_null())
            .exec(tx)
            .await?;
        Ok(())
    }

    /// Ends a family.
    pub(super) async fn family_revoke(
        &self,
        tx: &impl ConnectionTrait,
        family: Uuid,
    ) -> Result<()> {
        refresh_token::Entity::update_many()
            .col_expr(
                refresh_token::Column::RevokedAt,
                Expr::value(Some(self.now())),
            )
            .filter(refresh_token::Column::Family.eq(family))
            .filter(refresh_token::Column::RevokedAt.is_null())
            .exec(tx)
            .await?;
        Ok(())
    }

    async fn refresh_insert(
        &self,
        tx: &impl ConnectionTrait,
        grant: RefreshGrant,
    ) -> Result<String> {
        let token = self.secret();
        let now = self.now();
        let row = refresh_token::ActiveModel {
            id: Set(self.new_id()),
            family: Set(grant.family),
            token_hash: Set(secret::hash(&token)),
            client_id: Set(grant.client_id),
            principal_id: Set(grant.principal),
            tenant_id: Set(grant.tenant),
            scope: Set(grant.scope),
            created_at: Set(now),
            expires_at: Set(now + LIFE),
            used_at: Set(None),
            revoked_at: Set(None),
        };
        row.insert(tx).await?;
        Ok(token)
    }
}
