//! Accounts of the built-in issuer: user names and passwords.

use chrono::{DateTime, Utc};
use domain::activity::ActivityResult;
use domain::identity::domain_of;
use domain::rbac::Action;
use domain::tenant::{PrincipalKind, PrincipalView};
use domain::{Caller, Code, OpContext, Origin, Problem, name};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QuerySelect,
};
use store::entity::{local_account, principal, session};
use uuid::Uuid;

use super::Visit;
use super::factor::Verified;
use super::principal::{NewPrincipal, principal_of, user_name_key, view};
use super::throttle::{ACCOUNT, ADDRESS, Policy, address_key, too_many};
use crate::{Result, Services};

/// What a local account is created from.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Name for people.
    pub display_name: String,
    /// An e-mail address in the tenant's domain.
    pub user_name: String,
    /// The first password.
    pub password: String,
}

impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAccount")
            .field("user_name", &self.user_name)
            .finish_non_exhaustive()
    }
}

/// The one answer to a wrong name, a wrong password and a shut account alike.
fn wrong() -> Problem {
    Problem::new(
        Code::AuthenticationFailed,
        "The user name or the password is wrong.",
    )
}

impl Services {
    /// Creates a person with a password at the built-in issuer.
    ///
    /// # Errors
    /// `AuthorizationFailed`, `InvalidRequest` for a weak password or a name outside of the tenant's domain,
    /// `AlreadyExists` for a name that is taken.
    pub async fn account_create(&self, ctx: &OpContext, new: NewAccount) -> Result<PrincipalView> {
        ctx.authorize(Action::PrincipalWrite, Action::PrincipalRead, "/")?;
        Problem::unless_empty(name::password("password", &new.password))?;
        let key = user_name_key(&new.user_name);
        let domains = super::tenant_domain::proved(self.db(), ctx.tenant()).await?;
        if domain_of(&key).is_none_or(|of| !domains.contains(&of)) {
            let message = format!(
                "Local accounts bear names of this organisation: somebody@{}.",
                domains.join(", or somebody@")
            );
            return Err(Problem::new(Code::InvalidRequest, message)
                .at("userName")
                .into());
        }
        let password_hash = self
            .inner
            .identity
            .hasher
            .hash(&new.password, &*self.inner.ids)
            .await?;
        let tx = self.inner.store.begin().await?;
        let person = NewPrincipal {
            kind: PrincipalKind::User,
            display_name: new.display_name,
            user_name: new.user_name,
        };
        let row = self.principal_insert(&tx, ctx, person).await?;
        let account = local_account::ActiveModel {
            id: Set(self.new_id()),
            principal_id: Set(row.id),
            user_name_key: Set(key),
            password_hash: Set(password_hash),
            failed_count: Set(0),
            locked_until: Set(None),
            changed_at: Set(self.now()),
            factor_failed_count: Set(0),
            factor_locked_until: Set(None),
        };
        account.insert(&tx).await?;
        tx.commit().await?;
        Ok(view(row))
    }

    /// Gives an account a new password and ends all of its sessions.
    ///
    /// # Errors
    /// `ResourceNotFound` for a person without a password here, `AuthorizationFailed`, `InvalidRequest` when weak.
    pub async fn account_password_set(
        &self,
        ctx: &OpContext,
        principal: Uuid,
        password: &str,
    ) -> Result<()> {
        ctx.authorize(Action::PrincipalWrite, Action::PrincipalRead, "/")?;
        Problem::unless_empty(name::password("password", password))?;
        let password_hash = self
            .inner
            .identity
            .hasher
            .hash(password, &*self.inner.ids)
            .await?;
        let tx = self.inner.store.begin().await?;
        principal_of(&tx, ctx.tenant(), principal).await?;
        let account =
            local_account::Entity::find().filter(local_account::Column::PrincipalId.eq(principal));
        let account = account
            .one(&tx)
            .await?
            .ok_or_else(|| Problem::not_found("The local account"))?;
        let mut change: local_account::ActiveModel = account.into();
        change.password_hash = Set(password_hash);
        change.failed_count = Set(0);
        change.locked_until = Set(None);
        change.changed_at = Set(self.now());
        change.update(&tx).await?;
        session::Entity::delete_many()
            .filter(session::Column::PrincipalId.eq(principal))
            .exec(&tx)
            .await?;
        self.refresh_revoke_of(&tx, principal).await?;
        let what = format!("/principals/{principal}");
        self.record(
            &tx,
            ctx,
            "account_password_set",
            &what,
            ActivityResult::Succeeded,
            "",
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Checks a user name and password, in one tenant or in any. For an account with a second factor that is half of a
    /// sign-in: [`Services::second_step_finish`] is the other.
    ///
    /// Unknown names cost the same time and are counted like known ones, so that nobody learns which names exist.
    /// A known account's failure is counted before the password is checked, so that guesses sent at once count each.
    ///
    /// # Errors
    /// `AuthenticationFailed` with one sentence for every kind of wrong, `TooManyRequests` while attempts must wait.
    pub async fn account_verify(
        &self,
        tenant: Option<Uuid>,
        user_name: &str,
        password: &str,
        visit: &Visit,
    ) -> Result<Verified> {
        let now = self.now();
        let throttle = &self.inner.identity.throttle;
        let (name, address) = (user_name_key(user_name), address_key(&visit.address));
        throttle.check(&address, now)?;
        let reserved = self.account_reserve(tenant, &name, now).await?;
        let hash = reserved
            .as_ref()
            .map(|(account, _)| account.password_hash.as_str());
        let is_right = self.inner.identity.hasher.verify(password, hash).await?;
        let Some((account, person)) = reserved else {
            throttle.failed(&address, ADDRESS, now);
            tracing::info!(
                client.address = visit.address,
                request.id = visit.request_id,
                "a sign-in with an unknown user name was refused"
            );
            return Err(wrong().into());
        };
        if !is_right || !person.enabled {
            throttle.failed(&address, ADDRESS, now);
            let why = if is_right {
                "the account is disabled"
            } else {
                "wrong password"
            };
            self.account_refused(&person, visit, why).await?;
            return Err(wrong().into());
        }
        let mut change: local_account::ActiveModel = account.into();
        change.failed_count = Set(0);
        change.locked_until = Set(None);
        change.update(self.db()).await?;
        if let Some(step) = self.second_step_begin(&person).await? {
            return Ok(Verified::Half(step));
        }
        let caller = self.caller_load(person.id, person.tenant_id).await?;
        Ok(Verified::Whole(caller))
    }

    /// Finds the account and counts this attempt as failed until it proves right.
    pub(super) async fn account_reserve(
        &self,
        tenant: Option<Uuid>,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(local_account::Model, principal::Model)>> {
        let tx = self.inner.store.begin().await?;
        let mut query =
            local_account::Entity::find().filter(local_account::Column::UserNameKey.eq(name));
        if self.inner.store.is_postgres() {
            query = query.lock_exclusive();
        }
        let found = match query.one(&tx).await? {
            Some(account) => owner_in(&tx, account, tenant).await?,
            None => None,
        };
        let Some((account, person)) = found else {
            tx.rollback().await?;
            let (throttle, key) = (&self.inner.identity.throttle, format!("name {name}"));
            throttle.check(&key, now)?;
            throttle.failed(&key, ACCOUNT, now);
            return Ok(None);
        };
        if let Some(until) = account.locked_until.filter(|until| *until > now) {
            tx.rollback().await?;
            return Err(too_many(until, now).into());
        }
        let before = u32::try_from(account.failed_count).unwrap_or(0);
        let failures = Policy::standing(before, account.locked_until, now).saturating_add(1);
        let mut change: local_account::ActiveModel = account.into();
        change.failed_count = Set(i32::try_from(failures).unwrap_or(i32::MAX));
        change.locked_until = Set(Some(now + ACCOUNT.wait(failures)));
        let account = change.update(&tx).await?;
        tx.commit().await?;
        Ok(Some((account, person)))
    }

    async fn account_refused(
        &self,
        person: &principal::Model,
        visit: &Visit,
        why: &str,
    ) -> Result<()> {
        let caller = Caller {
            principal: person.id,
            tenant: person.tenant_id,
            display_name: person.display_name.clone(),
            user_name: person.user_name.clone(),
            grants: Vec::new(),
            foreign: Vec::new(),
        };
        let ctx = self.context(caller, visit, Origin::Portal);
        let (what, detail) = (
            format!("/principals/{}", person.id),
            format!("{why}, from {}", visit.address),
        );
        tracing::info!(principal.id = %person.id, client.address = visit.address, request.id = visit.request_id, "a sign-in was refused: {why}");
        self.record(
            self.db(),
            &ctx,
            "account_verify",
            &what,
            ActivityResult::Refused,
            detail,
        )
        .await
    }

    /// Lets a request from this address pass that could guess secrets, or says how long to wait. What Vitrine asks
    /// itself passes.
    ///
    /// # Errors
    /// `TooManyRequests`.
    pub fn attempt_check(&self, visit: &Visit) -> Result<()> {
        if visit.address.is_empty() {
            return Ok(());
        }
        Ok(self
            .inner
            .identity
            .throttle
            .check(&address_key(&visit.address), self.now())?)
    }

    /// Counts a failed guess from this address.
    pub fn attempt_failed(&self, visit: &Visit) {
        if !visit.address.is_empty() {
            self.inner
                .identity
                .throttle
                .failed(&address_key(&visit.address), ADDRESS, self.now());
        }
    }
}

/// The account with its person, unless that belongs to another tenant than the one in which to sign in.
async fn owner_in(
    db: &impl ConnectionTrait,
    account: local_account::Model,
    tenant: Option<Uuid>,
) -> Result<Option<(local_account::Model, principal::Model)>> {
    let person = principal::Entity::find_by_id(account.principal_id)
        .one(db)
        .await?;
    Ok(person
        .filter(|person| tenant.is_none_or(|tenant| tenant == person.tenant_id))
        .map(|person| (account, person)))
}
