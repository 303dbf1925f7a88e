//! Device codes: a program without a browser begins a sign-in, and a person finishes it in theirs (RFC 8628).

use chrono::{DateTime, TimeDelta, Utc};
use domain::activity::ActivityResult;
use domain::{Code, OpContext, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QuerySelect,
};
use store::entity::device_code;
use uuid::Uuid;

use super::{Visit, secret};
use crate::{Result, Services};

/// How long a person may take.
const LIFE: TimeDelta = TimeDelta::minutes(15);

/// How long a program has to wait between two questions.
pub const DEVICE_INTERVAL: TimeDelta = TimeDelta::seconds(5);

/// Clocks and networks make a punctual program a little early.
const EARLY: TimeDelta = TimeDelta::seconds(1);

/// Signs of a user code: consonants, so that they spell no words, without those that look alike.
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// Signs in a user code: 20^9 codes, of which a few are good for a quarter of an hour.
const SIGNS: usize = 9;

/// A sign-in that was just begun.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceStart {
    /// What the program asks with.
    pub device_code: String,
    /// What the person types.
    pub user_code: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for DeviceStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceStart")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What a person is asked to agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceWish {
    /// The client that asks.
    pub client_id: String,
    /// Where the program asked from.
    pub address: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
}

/// What became of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DevicePoll {
    /// The person is not there yet.
    Pending,
    /// The program asks too often.
    TooFast,
    /// The person refused.
    Declined,
    /// Nobody came in time, or the code was used, or is none of ours.
    Expired,
    /// The person agreed.
    Agreed {
        /// Who.
        principal: Uuid,
        /// Where.
        tenant: Uuid,
        /// What was asked for.
        scope: String,
    },
}

const PENDING: &str = "pending";
const AGREED: &str = "agreed";
const DECLINED: &str = "declined";
const USED: &str = "used";

/// A user code as it is compared: what people type around the letters does not count.
fn plain(user_code: &str) -> String {
    user_code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

fn gone() -> Problem {
    Problem::new(
        Code::ResourceNotFound,
        "No sign-in waits for this code. It may have expired: start again in your program.",
    )
}

impl Services {
    /// Begins a sign-in for a program, in one tenant or in any.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn device_begin(
        &self,
        client_id: &str,
        tenant: Option<Uuid>,
        scope: &str,
        visit: &Visit,
    ) -> Result<DeviceStart> {
        let start = DeviceStart {
            device_code: self.secret(),
            user_code: self.user_code(),
            expires_at: self.now() + LIFE,
        };
        let row = device_code::ActiveModel {
            id: Set(self.new_id()),
            device_hash: Set(secret::hash(&start.device_code)),
            user_code_hash: Set(secret::hash(&start.user_code)),
            client_id: Set(client_id.to_owned()),
            tenant_id: Set(tenant),
            scope: Set(scope.to_owned()),
            address: Set(visit.address.clone()),
            status: Set(PENDING.to_owned()),
            principal_id: Set(None),
            principal_tenant_id: Set(None),
            created_at: Set(self.now()),
            expires_at: Set(start.expires_at),
            polled_at: Set(None),
        };
        row.insert(self.db()).await?;
        Ok(start)
    }

    /// What a user code stands for, for the person who typed it.
    ///
    /// # Errors
    /// `ResourceNotFound` when no sign-in waits for it in the caller's tenant, `TooManyRequests` for one who guesses.
    pub async fn device_preview(&self, ctx: &OpContext, user_code: &str) -> Result<DeviceWish> {
        let row = self.device_waiting(self.db(), ctx, user_code).await?;
        Ok(DeviceWish {
            client_id: row.client_id,
            address: row.address,
            created_at: row.created_at,
        })
    }

    /// Finishes a sign-in: the program may act for the caller, or may not.
    ///
    /// # Errors
    /// As [`Services::device_preview`].
    pub async fn device_decide(
        &self,
        ctx: &OpContext,
        user_code: &str,
        agrees: bool,
    ) -> Result<()> {
        let tx = self.inner.store.begin().await?;
        let row = self.device_waiting(&tx, ctx, user_code).await?;
        let (what, detail) = (
            format!("/devices/{}", row.id),
            format!(
                "a program at {} {} sign in as this person",
                row.address,
                if agrees { "may" } else { "may not" }
            ),
        );
        let mut change: device_code::ActiveModel = row.into();
        change.status = Set(if agrees { AGREED } else { DECLINED }.to_owned());
        change.principal_id = Set(Some(ctx.caller.principal));
        change.principal_tenant_id = Set(Some(ctx.tenant()));
        change.update(&tx).await?;
        let result = if agrees {
            ActivityResult::Succeeded
        } else {
            ActivityResult::Refused
        };
        self.record(&tx, ctx, "device_decide", &what, result, detail)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Answers a program that asks whether its person came. What was agreed is told once.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn device_poll(&self, device_code: &str, client_id: &str) -> Result<DevicePoll> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let mut query = device_code::Entity::find()
            .filter(device_code::Column::DeviceHash.eq(secret::hash(device_code)))
            .filter(device_code::Column::ClientId.eq(client_id));
        if self.inner.store.is_postgres() {
            query = query.lock_exclusive();
        }
        let Some(row) = query.one(&tx).await? else {
            return Ok(DevicePoll::Expired);
        };
        let is_early = row
            .polled_at
            .is_some_and(|at| at + DEVICE_INTERVAL - EARLY > now);
        let poll = match (
            row.status.as_str(),
            row.principal_id,
            row.principal_tenant_id,
        ) {
            _ if row.expires_at <= now => DevicePoll::Expired,
            (DECLINED, ..) => DevicePoll::Declined,
            (AGREED, Some(principal), Some(tenant)) => DevicePoll::Agreed {
                principal,
                tenant,
                scope: row.scope.clone(),
            },
            (PENDING, ..) if is_early => DevicePoll::TooFast,
            (PENDING, ..) => DevicePoll::Pending,
            _ => DevicePoll::Expired,
        };
        let is_agreed = matches!(poll, DevicePoll::Agreed { .. });
        let mut change: device_code::ActiveModel = row.into();
        change.polled_at = Set(Some(now));
        if is_agreed {
            change.status = Set(USED.to_owned());
        }
        change.update(&tx).await?;
        tx.commit().await?;
        Ok(poll)
    }

    /// The sign-in that waits for this code; a wrong guess is counted.
    async fn device_waiting(
        &self,
        db: &impl ConnectionTrait,
        ctx: &OpContext,
        user_code: &str,
    ) -> Result<device_code::Model> {
        let key = format!("device {}", ctx.caller.principal);
        let throttle = &self.inner.identity.throttle;
        throttle.check(&key, self.now())?;
        let row = device_code::Entity::find()
            .filter(device_code::Column::UserCodeHash.eq(secret::hash(&plain(user_code))))
            .filter(device_code::Column::Status.eq(PENDING))
            .filter(device_code::Column::ExpiresAt.gt(self.now()))
            .one(db)
            .await?
            .filter(|row| row.tenant_id.is_none_or(|tenant| tenant == ctx.tenant()));
        let Some(row) = row else {
            throttle.failed(&key, super::throttle::ACCOUNT, self.now());
            return Err(gone().into());
        };
        Ok(row)
    }

    /// A code that people can read out.
    fn user_code(&self) -> String {
        let mut code = String::with_capacity(SIGNS);
        while code.len() < SIGNS {
            let mut bytes = [0; 32];
            self.inner.ids.fill(&mut bytes);
            // Only as many values as fit evenly: no sign comes more often than another.
            let signs = bytes
                .iter()
                .filter(|byte| usize::from(**byte) < 256 / ALPHABET.len() * ALPHABET.len())
                .map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
            code.extend(signs.take(SIGNS - code.len()));
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_people_type_around_a_code_does_not_count() {
        assert_eq!(plain(" bcd-fgh jkl "), "BCDFGHJKL");
    }
}
