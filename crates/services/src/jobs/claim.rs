//! Taking a job, keeping it, giving it back.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::job::JobState;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockBehavior, sea_query::LockType,
};
use store::entity::job::{Column, Entity, Model};
use uuid::Uuid;

use crate::{Result, Services};

/// How long a worker may be silent before another takes its job.
pub(crate) const LEASE: Duration = Duration::from_secs(10);
/// How long a job that waits for another one is left alone.
const PARKED: Duration = Duration::from_millis(250);

impl Services {
    /// Takes the oldest job that nobody holds.
    pub(crate) async fn job_claim(&self) -> Result<Option<Model>> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let open = [JobState::Pending, JobState::Running, JobState::Undoing]
            .map(|state| state.to_string());
        let mut query = Entity::find()
            .filter(Column::State.is_in(open))
            .filter(
                Condition::any()
                    .add(Column::LeaseUntil.is_null())
                    .add(Column::LeaseUntil.lt(now)),
            )
            .filter(Column::Id.is_not_in(self.jobs_parked()))
            .order_by_asc(Column::Id)
            .limit(1);
        if self.inner.store.is_postgres() {
            query = query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let Some(row) = query.one(&tx).await? else {
            return Ok(None);
        };
        let state = if row.state == JobState::Pending.to_string() {
            JobState::Running.to_string()
        } else {
            row.state.clone()
        };
        Entity::update_many()
            .col_expr(Column::State, Expr::value(state.clone()))
            .col_expr(Column::LeaseOwner, Expr::value(self.inner.owner.clone()))
            .col_expr(Column::LeaseUntil, Expr::value(lease_end(now)))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.eq(row.id))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        Ok(Some(Model {
            state,
            attempts: row.attempts + 1,
            ..row
        }))
    }

    /// Keeps a job for another while. Answers whether it is still ours, and whether it should be cancelled.
    pub(crate) async fn job_heartbeat(&self, id: Uuid) -> Result<(bool, bool)> {
        let updated = Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(lease_end(self.now())))
            .filter(Column::Id.eq(id))
            .filter(Column::LeaseOwner.eq(&self.inner.owner))
            .exec(self.db())
            .await?;
        let cancel = Entity::find_by_id(id)
            .one(self.db())
            .await?
            .is_some_and(|row| row.cancel_requested);
        Ok((updated.rows_affected == 1, cancel))
    }

    /// Puts a job aside that waits for another one; the attempt does not count.
    pub(crate) async fn job_park(&self, id: Uuid) -> Result<()> {
        self.parked().insert(id, Instant::now() + PARKED);
        Entity::update_many()
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
            .filter(Column::Id.eq(id))
            .filter(Column::LeaseOwner.eq(&self.inner.owner))
            .exec(self.db())
            .await?;
        Ok(())
    }

    /// The jobs that nobody of this process looks at yet.
    fn jobs_parked(&self) -> Vec<Uuid> {
        let mut parked = self.parked();
        let now = Instant::now();
        parked.retain(|_, until| *until > now);
        parked.keys().copied().collect()
    }

    fn parked(&self) -> MutexGuard<'_, HashMap<Uuid, Instant>> {
        let parked = self.inner.parked.lock();
        parked.unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a job back, so that any worker may take it at once.
    pub(crate) async fn job_release(&self, id: Uuid) -> Result<()> {
        Entity::update_many()
            .col_expr(Column::LeaseOwner, Expr::value(Option::<String>::None))
            .col_expr(
                Column::LeaseUntil,
                Expr::value(Option::<DateTime<Utc>>::None),
            )
            .filter(Column::Id.eq(id))
            .filter(Column::LeaseOwner.eq(&self.inner.owner))
            .exec(self.db())
            .await?;
        Ok(())
    }
}

fn lease_end(now: DateTime<Utc>) -> DateTime<Utc> {
    now + chrono::TimeDelta::from_std(LEASE).unwrap_or_default()
}
