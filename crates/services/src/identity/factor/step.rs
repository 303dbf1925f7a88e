//! The second step of a sign-in: the password was right, and the account asks for more.

use chrono::{DateTime, TimeDelta, Utc};
use domain::activity::ActivityResult;
use domain::factor::{TypedCode, read_code};
use domain::{Caller, Origin};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QuerySelect,
};
use store::entity::{local_account, principal, second_step};
use uuid::Uuid;

use super::proof::{SecondStep, StepProof, StepRefusal};
use super::recovery::recovery_left;
use super::{account_of, app_of, is_asked, place};
use crate::identity::throttle::{ACCOUNT, ADDRESS, Policy, address_key, too_many};
use crate::identity::{Visit, secret};
use crate::{Result, Services};

/// How long a person may take for the second step.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// A step that may be tried, with whose it is.
struct Tried {
    step: second_step::Model,
    account: local_account::Model,
    person: principal::Model,
}

impl Services {
    /// Begins the second step for somebody whose password was right; none for an account without a second factor.
    pub(in crate::identity) async fn second_step_begin(
        &self,
        person: &principal::Model,
    ) -> Result<Option<SecondStep>> {
        if !is_asked(self.db(), person.id).await? {
            return Ok(None);
        }
        let (secret, now) = (self.secret(), self.now());
        let row = second_step::ActiveModel {
            id: Set(self.new_id()),
            token_hash: Set(secret::hash(&secret)),
            principal_id: Set(person.id),
            ceremony: Set(None),
            created_at: Set(now),
            expires_at: Set(now + PATIENCE),
            used_at: Set(None),
        };
        let row = row.insert(self.db()).await?;
        self.second_step_drawn(row, secret, person.user_name.clone())
            .await
            .map(Some)
    }

    /// A step that is under way, for its page to be drawn again with a challenge of its own; none when it is over.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn second_step_show(&self, secret: &str) -> Result<Option<SecondStep>> {
        let Some(row) = self.second_step_open(self.db(), secret).await? else {
            return Ok(None);
        };
        let person = principal::Entity::find_by_id(row.principal_id);
        let Some(person) = person.one(self.db()).await? else {
            return Ok(None);
        };
        self.second_step_drawn(row, secret.to_owned(), person.user_name)
            .await
            .map(Some)
    }

    /// Ends the step with a right proof, once, and answers who signed in. Attempts are counted before the proof is
    /// checked, apart from those at the password: whoever knows that can't make the count begin anew.
    ///
    /// # Errors
    /// `TooManyRequests` while attempts must wait, `AuthenticationFailed` for a person who is barred, and internal ones;
    /// what is wrong with the step or the proof is the inner result.
    pub async fn second_step_finish(
        &self,
        tenant: Option<Uuid>,
        secret: &str,
        proof: &StepProof,
        visit: &Visit,
    ) -> Result<std::result::Result<Caller, StepRefusal>> {
        let now = self.now();
        let throttle = &self.inner.identity.throttle;
        let address = address_key(&visit.address);
        throttle.check(&address, now)?;
        let Some(tried) = self.second_step_reserve(tenant, secret, now).await? else {
            throttle.failed(&address, ADDRESS, now);
            return Ok(Err(StepRefusal::Over));
        };
        let person = tried.person.id;
        let tx = self.inner.store.begin().await?;
        // One statement decides which of two forms ends the step; it is undone when the proof is wrong.
        let ended = second_step::Entity::update_many()
            .set(second_step::ActiveModel {
                used_at: Set(Some(now)),
                ..Default::default()
            })
            .filter(second_step::Column::Id.eq(tried.step.id))
            .filter(second_step::Column::UsedAt.is_null())
            .exec(&tx)
            .await?;
        if ended.rows_affected == 0 {
            tx.rollback().await?;
            return Ok(Err(StepRefusal::Over));
        }
        let by = match proof {
            StepProof::Code(text) => self.code_take(&tx, person, text).await?,
            StepProof::Passkey(answer) => match tried.step.ceremony.as_deref() {
                Some(ceremony) => self
                    .passkey_take(&tx, person, ceremony, answer)
                    .await?
                    .map(|name| format!("the passkey {name}")),
                None => None,
            },
        };
        let result = if by.is_some() {
            ActivityResult::Succeeded
        } else {
            ActivityResult::Refused
        };
        let ctx = self.context(half(&tried.person), visit, Origin::Portal);
        let Some(by) = by else {
            tx.rollback().await?;
            throttle.failed(&address, ADDRESS, now);
            tracing::info!(principal.id = %person, client.address = visit.address, request.id = visit.request_id, "a second factor was refused");
            let detail = format!("wrong second factor, from {}", visit.address);
            self.record(
                self.db(),
                &ctx,
                "second_step",
                &place(person),
                result,
                detail,
            )
            .await?;
            return Ok(Err(StepRefusal::Wrong));
        };
        let mut change: local_account::ActiveModel = tried.account.into();
        change.factor_failed_count = Set(0);
        change.factor_locked_until = Set(None);
        change.update(&tx).await?;
        let detail = format!("by {by}, from {}", visit.address);
        self.record(&tx, &ctx, "second_step", &place(person), result, detail)
            .await?;
        tx.commit().await?;
        let caller = self.caller_load(person, tried.person.tenant_id).await?;
        Ok(Ok(caller))
    }

    /// Takes a typed code, and says what it was.
    async fn code_take(
        &self,
        tx: &impl ConnectionTrait,
        person: Uuid,
        text: &str,
    ) -> Result<Option<String>> {
        Ok(match read_code(text) {
            Some(TypedCode::App(code)) => {
                let taken = self.totp_take(tx, person, &code).await?;
                taken.then(|| "a code of the app".to_owned())
            }
            Some(TypedCode::Recovery(code)) => {
                let left = self.recovery_take(tx, person, &code).await?;
                left.map(|left| format!("a recovery code, {left} left"))
            }
            None => None,
        })
    }

    /// Finds the step and counts this attempt as failed until it proves right; none for a step that is over.
    async fn second_step_reserve(
        &self,
        tenant: Option<Uuid>,
        secret: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Tried>> {
        let tx = self.inner.store.begin().await?;
        let Some(step) = self.second_step_open(&tx, secret).await? else {
            return Ok(None);
        };
        let person = principal::Entity::find_by_id(step.principal_id);
        let person = person.one(&tx).await?;
        let Some(person) =
            person.filter(|person| tenant.is_none_or(|tenant| tenant == person.tenant_id))
        else {
            return Ok(None);
        };
        let mut query =
            local_account::Entity::find().filter(local_account::Column::PrincipalId.eq(person.id));
        if self.inner.store.is_postgres() {
            query = query.lock_exclusive();
        }
        // Who got a new password meanwhile begins with that one.
        let account = query
            .one(&tx)
            .await?
            .filter(|account| account.changed_at <= step.created_at);
        let Some(account) = account else {
            return Ok(None);
        };
        if let Some(until) = account.factor_locked_until.filter(|until| *until > now) {
            tx.rollback().await?;
            return Err(too_many(until, now).into());
        }
        let before = u32::try_from(account.factor_failed_count).unwrap_or(0);
        let failures = Policy::standing(before, account.factor_locked_until, now).saturating_add(1);
        let mut change: local_account::ActiveModel = account.into();
        change.factor_failed_count = Set(i32::try_from(failures).unwrap_or(i32::MAX));
        change.factor_locked_until = Set(Some(now + ACCOUNT.wait(failures)));
        let account = change.update(&tx).await?;
        tx.commit().await?;
        Ok(Some(Tried {
            step,
            account,
            person,
        }))
    }

    /// The step of a secret, while it can still be done.
    async fn second_step_open(
        &self,
        db: &impl ConnectionTrait,
        secret: &str,
    ) -> Result<Option<second_step::Model>> {
        let query = second_step::Entity::find()
            .filter(second_step::Column::TokenHash.eq(secret::hash(secret)))
            .filter(second_step::Column::UsedAt.is_null())
            .filter(second_step::Column::ExpiresAt.gt(self.now()));
        Ok(query.one(db).await?)
    }

    /// The step with what its page shows; the challenge for passkeys is new each time.
    async fn second_step_drawn(
        &self,
        row: second_step::Model,
        secret: String,
        user_name: String,
    ) -> Result<SecondStep> {
        let person = row.principal_id;
        account_of(self.db(), person).await?;
        let challenge = self.passkey_challenge(self.db(), person).await?;
        let (passkey, ceremony) = challenge.unzip();
        let mut change: second_step::ActiveModel = row.into();
        change.ceremony = Set(ceremony);
        change.update(self.db()).await?;
        Ok(SecondStep {
            secret,
            user_name,
            app: app_of(self.db(), person).await?.is_some(),
            recovery: recovery_left(self.db(), person).await? > 0,
            passkey,
        })
    }
}

/// Somebody who is not signed in yet, for the log.
fn half(person: &principal::Model) -> Caller {
    Caller {
        principal: person.id,
        tenant: person.tenant_id,
        display_name: person.display_name.clone(),
        user_name: person.user_name.clone(),
        grants: Vec::new(),
        foreign: Vec::new(),
    }
}
