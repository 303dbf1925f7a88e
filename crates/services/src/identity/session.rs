//! Sessions: signed-in browsers.

use chrono::{DateTime, TimeDelta, Utc};
use domain::activity::ActivityResult;
use domain::tenant::SessionView;
use domain::{Caller, OpContext, Origin, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ModelTrait,
    QueryFilter, QueryOrder,
};
use store::entity::{principal, session, tenant};
use uuid::Uuid;

use super::{Visit, secret};
use crate::{Error, Result, Services};

/// How old `seen_at` may grow before a request writes it again.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// Longest name of a browser that is kept.
const USER_AGENT: usize = 300;

/// A session that was just opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// Key of the session.
    pub id: Uuid,
    /// What the cookie holds; told once, kept as a hash.
    pub secret: String,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// By what a person proved who they are.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Proven {
    /// The authorization code of the built-in issuer.
    pub grant: Option<Uuid>,
    /// The tenant's provider; none for the built-in issuer.
    pub provider: Option<Uuid>,
    /// The provider's id token: signing out there needs it. Kept sealed.
    pub id_token: Option<String>,
}

impl std::fmt::Debug for Proven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proven")
            .field("grant", &self.grant)
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

/// Where a person may sign out besides here.
#[derive(Clone, PartialEq, Eq)]
pub struct Farewell {
    /// The provider at which the person signed in.
    pub provider: Uuid,
    /// What the provider gave then.
    pub id_token: String,
}

impl std::fmt::Debug for Farewell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Farewell")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

/// Where a session's id token is sealed for.
pub(super) fn id_token_place(session: Uuid) -> String {
    format!("session {session}")
}

/// Who a session's cookie stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Key of the session.
    pub session: Uuid,
    /// The person, with all rights.
    pub caller: Caller,
    /// Name of the tenant in which the person acts.
    pub tenant_name: String,
}

impl Services {
    /// Opens a session for a person who proved who they are. The browser's session before this one ends,
    /// so that nobody's cookie survives a sign-in.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn session_create(
        &self,
        caller: &Caller,
        grant: Option<Uuid>,
        before: Option<&str>,
        visit: &Visit,
    ) -> Result<Opened> {
        let proven = Proven {
            grant,
            ..Proven::default()
        };
        self.session_open(caller, proven, before, visit).await
    }

    /// As [`Services::session_create`], and remembers the provider at which the person signed in.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn session_open(
        &self,
        caller: &Caller,
        proven: Proven,
        before: Option<&str>,
        visit: &Visit,
    ) -> Result<Opened> {
        let secret = secret::generate(&*self.inner.ids);
        let (id, now) = (self.new_id(), self.now());
        let id_token = proven
            .id_token
            .filter(|_| proven.provider.is_some())
            .map(|token| {
                self.inner
                    .seal
                    .close(&id_token_place(id), &token, &*self.inner.ids)
            })
            .transpose()?;
        let tx = self.inner.store.begin().await?;
        if let Some(before) = before {
            session::Entity::delete_many()
                .filter(session::Column::TokenHash.eq(secret::hash(before)))
                .exec(&tx)
                .await?;
        }
        let row = session::ActiveModel {
            id: Set(id),
            token_hash: Set(secret::hash(&secret)),
            grant_id: Set(proven.grant),
            principal_id: Set(caller.principal),
            tenant_id: Set(caller.tenant),
            user_agent: Set(visit.user_agent.chars().take(USER_AGENT).collect()),
            address: Set(visit.address.clone()),
            created_at: Set(now),
            seen_at: Set(now),
            expires_at: Set(now + delta(self.settings().session_absolute)?),
            provider_id: Set(proven.provider),
            id_token: Set(id_token),
            proved_at: Set(None),
        };
        let row = row.insert(&tx).await?;
        let ctx = self.context(caller.clone(), visit, Origin::Portal);
        let detail = format!("signed in from {}", visit.address);
        self.record(
            &tx,
            &ctx,
            "session_create",
            &format!("/sessions/{}", row.id),
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        tx.commit().await?;
        Ok(Opened { id: row.id, secret })
    }

    /// Who the cookie stands for, or nobody when the session ended, expired, or its person is shut out.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn session_resolve(&self, secret: &str) -> Result<Option<SignedIn>> {
        let now = self.now();
        let query = session::Entity::find()
            .filter(session::Column::TokenHash.eq(secret::hash(secret)))
            .filter(self.is_live(now)?);
        let Some(row) = query.one(self.db()).await? else {
            return Ok(None);
        };
        let person = principal::Entity::find_by_id(row.principal_id)
            .filter(principal::Column::TenantId.eq(row.tenant_id));
        let Some(person) = person.one(self.db()).await? else {
            return Ok(None);
        };
        let caller = match self.caller_of(person).await {
            Ok(caller) => caller,
            Err(Error::Problem(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let tenant = tenant::Entity::find_by_id(row.tenant_id)
            .one(self.db())
            .await?;
        let session = row.id;
        if row.seen_at + TOUCH <= now {
            // The session may have been revoked this very moment; then there is nothing left to touch.
            session::Entity::update_many()
                .set(session::ActiveModel {
                    seen_at: Set(now),
                    ..Default::default()
                })
                .filter(session::Column::Id.eq(session))
                .exec(self.db())
                .await?;
        }
        Ok(Some(SignedIn {
            session,
            caller,
            tenant_name: tenant.map(|tenant| tenant.name).unwrap_or_default(),
        }))
    }

    /// Whether a session still stands: for connections that outlive their request.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn session_is_live(&self, session: Uuid) -> Result<bool> {
        let query = session::Entity::find_by_id(session).filter(self.is_live(self.now())?);
        Ok(query.one(self.db()).await?.is_some())
    }

    /// The caller's own sessions, last used first; `current` is the one that asks.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn session_list(
        &self,
        ctx: &OpContext,
        current: Option<Uuid>,
    ) -> Result<Vec<SessionView>> {
        let rows = session::Entity::find()
            .filter(session::Column::PrincipalId.eq(ctx.caller.principal))
            .filter(self.is_live(self.now())?)
            .order_by_desc(session::Column::SeenAt)
            .order_by_desc(session::Column::Id)
            .all(self.db())
            .await?;
        let view = |row: session::Model| SessionView {
            id: row.id,
            user_agent: row.user_agent,
            address: row.address,
            created_at: row.created_at,
            seen_at: row.seen_at,
            current: Some(row.id) == current,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Where the person of this session may sign out besides here; nowhere for the built-in issuer.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn session_farewell(&self, ctx: &OpContext, id: Uuid) -> Result<Option<Farewell>> {
        let own = session::Entity::find_by_id(id)
            .filter(session::Column::PrincipalId.eq(ctx.caller.principal));
        let Some(row) = own.one(self.db()).await? else {
            return Ok(None);
        };
        let Some((provider, sealed)) = row.provider_id.zip(row.id_token) else {
            return Ok(None);
        };
        let id_token = self.inner.seal.reveal(&id_token_place(id), &sealed)?;
        Ok(Some(Farewell { provider, id_token }))
    }

    /// Ends one of the caller's own sessions.
    ///
    /// # Errors
    /// `ResourceNotFound` for what is not theirs.
    pub async fn session_revoke(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        let tx = self.inner.store.begin().await?;
        let own = session::Entity::find_by_id(id)
            .filter(session::Column::PrincipalId.eq(ctx.caller.principal));
        let row = own
            .one(&tx)
            .await?
            .ok_or_else(|| Problem::not_found("The session"))?;
        row.delete(&tx).await?;
        self.record(
            &tx,
            ctx,
            "session_revoke",
            &format!("/sessions/{id}"),
            ActivityResult::Succeeded,
            "",
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Notes in the log that the caller made a token for scripts.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn token_created(&self, ctx: &OpContext) -> Result<()> {
        let what = format!("/principals/{}", ctx.caller.principal);
        self.record(
            self.db(),
            ctx,
            "token_create",
            &what,
            ActivityResult::Succeeded,
            "a token for scripts, good for an hour",
        )
        .await
    }

    fn is_live(&self, now: DateTime<Utc>) -> Result<Condition> {
        let idle_since = now - delta(self.settings().session_idle)?;
        Ok(Condition::all()
            .add(session::Column::ExpiresAt.gt(now))
            .add(session::Column::SeenAt.gt(idle_since)))
    }
}

/// A setting as a difference of times.
pub(super) fn delta(setting: std::time::Duration) -> Result<TimeDelta> {
    TimeDelta::from_std(setting)
        .map_err(|error| Error::internal(format!("a session setting is out of range: {error}")))
}
