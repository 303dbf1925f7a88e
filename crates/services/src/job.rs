//! Jobs as callers see them: look, list, cancel.

use std::collections::HashMap;

use domain::activity::ActivityResult;
use domain::job::{JobKind, JobState, JobView, StepView};
use domain::{Code, OpContext, Problem, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use store::entity::job::{Column, Entity, Model};
use store::entity::job_step;
use store::{Scopes, in_scopes};
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::{Error, Result, Services};

impl Services {
    /// One job with its steps.
    ///
    /// # Errors
    /// `ResourceNotFound` unless the caller asked for the job or may see what it works on.
    pub async fn job_get(&self, ctx: &OpContext, id: Uuid) -> Result<JobView> {
        let row = self.job_find(ctx, id).await?;
        self.job_view(self.db(), row).await
    }

    /// Asks a job to stop; its worker undoes what it did so far.
    ///
    /// # Errors
    /// `ResourceNotFound`; `AuthorizationFailed` unless the caller asked for the job or may change what it works on;
    /// `Conflict` when it is over or can't be cancelled.
    pub async fn job_cancel(&self, ctx: &OpContext, id: Uuid) -> Result<JobView> {
        let row = self.job_find(ctx, id).await?;
        if row.principal_id != Some(ctx.caller.principal) {
            let (action, visible) = kind(&row).actions();
            ctx.authorize(action, visible, &row.resource_key)?;
        }
        let state = JobState::parse(&row.state).unwrap_or(JobState::Failed);
        if state.is_over() {
            return Err(Problem::new(Code::Conflict, "The operation is over already.").into());
        }
        if !kind(&row).can_cancel() {
            return Err(Problem::new(Code::Conflict, "This operation can't be cancelled.").into());
        }
        let tx = self.inner.store.begin().await?;
        let mut active = row.into_active_model();
        active.cancel_requested = Set(true);
        let row = active.update(&tx).await?;
        self.record(
            &tx,
            ctx,
            "job_cancel",
            &row.resource_id,
            ActivityResult::Accepted,
            &row.kind,
        )
        .await?;
        tx.commit().await?;
        self.inner.wake.notify_waiters();
        self.job_moved(id);
        self.job_view(self.db(), row).await
    }

    /// The jobs that work on a resource and below it, newest first, at most 100.
    ///
    /// # Errors
    /// Internal ones alone; jobs that the caller may not see are left out.
    pub async fn job_list(
        &self,
        ctx: &OpContext,
        scope: Option<&ResourceId>,
        active_only: bool,
    ) -> Result<Vec<JobView>> {
        let mut query = Entity::find().filter(Column::TenantId.eq(ctx.tenant()));
        if let Some(scope) = scope {
            let scopes = Scopes {
                allowed: vec!["/".to_owned()],
                within: Some(scope.key()),
            };
            query = query.filter(in_scopes(Column::ResourceKey, &scopes));
        }
        if active_only {
            let active =
                [JobState::Pending, JobState::Running, JobState::Undoing].map(|s| s.to_string());
            query = query.filter(Column::State.is_in(active));
        }
        let rows = query
            .order_by_desc(Column::Id)
            .limit(100)
            .all(self.db())
            .await?;
        let rows = rows
            .into_iter()
            .filter(|row| job_visible(ctx, row))
            .collect();
        self.job_views(self.db(), rows).await
    }

    /// Tells which jobs move in this process; other servers' jobs are found by asking again.
    #[must_use]
    pub fn jobs_watch(&self) -> broadcast::Receiver<Uuid> {
        self.inner.moved.subscribe()
    }

    /// Tells watching pages that a job moved.
    pub(crate) fn job_moved(&self, id: Uuid) {
        // Nobody watching is not an error.
        let _ = self.inner.moved.send(id);
    }

    /// Commits what a job was enqueued with, lets a worker know, and answers the job.
    pub(crate) async fn job_begin(&self, tx: DatabaseTransaction, job: Model) -> Result<JobView> {
        tx.commit().await?;
        self.job_wake();
        self.job_view(self.db(), job).await
    }

    async fn job_find(&self, ctx: &OpContext, id: Uuid) -> Result<Model> {
        let row = Entity::find_by_id(id)
            .filter(Column::TenantId.eq(ctx.tenant()))
            .one(self.db())
            .await?;
        row.filter(|row| job_visible(ctx, row))
            .ok_or_else(|| Problem::not_found("The operation").into())
    }

    /// The view of one job.
    pub(crate) async fn job_view(&self, db: &impl ConnectionTrait, row: Model) -> Result<JobView> {
        let mut views = self.job_views(db, vec![row]).await?;
        views
            .pop()
            .ok_or_else(|| Error::internal("a job lost its view"))
    }

    async fn job_views(&self, db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<JobView>> {
        let mut steps: HashMap<Uuid, Vec<job_step::Model>> = HashMap::new();
        let found = job_step::Entity::find()
            .filter(job_step::Column::JobId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(job_step::Column::Ordinal)
            .all(db)
            .await?;
        for step in found {
            steps.entry(step.job_id).or_default().push(step);
        }
        rows.into_iter()
            .map(|row| view(steps.remove(&row.id).unwrap_or_default(), row))
            .collect()
    }
}

/// What a job does, from its row.
pub(crate) fn kind(row: &Model) -> JobKind {
    JobKind::parse(&row.kind).unwrap_or(JobKind::VersionDelete)
}

fn job_visible(ctx: &OpContext, row: &Model) -> bool {
    let (_, visible) = kind(row).actions();
    row.principal_id == Some(ctx.caller.principal) || ctx.may(visible, &row.resource_key)
}

fn view(steps: Vec<job_step::Model>, row: Model) -> Result<JobView> {
    let kind = kind(&row);
    let state = JobState::parse(&row.state).unwrap_or(JobState::Failed);
    let steps: Vec<StepView> = steps
        .into_iter()
        .map(|step| StepView {
            name: step.name,
            title: step.title,
            state: JobState::parse(&step.state).unwrap_or(JobState::Pending),
            percent: u8::try_from(step.percent.clamp(0, 100)).unwrap_or(100),
            started_at: step.started_at,
            finished_at: step.finished_at,
        })
        .collect();
    Ok(JobView {
        id: row.id,
        kind,
        resource_id: row.resource_id,
        state,
        percent: domain::job::percent(state, &steps),
        steps,
        cancel_requested: row.cancel_requested,
        can_cancel: kind.can_cancel()
            && !state.is_over()
            && state != JobState::Undoing
            && !row.cancel_requested,
        problem: row.problem.map(serde_json::from_value).transpose()?,
        result: row.result,
        created_at: row.created_at,
        finished_at: row.finished_at,
        created_by: row.created_by,
    })
}
