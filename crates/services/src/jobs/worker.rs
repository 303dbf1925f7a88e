//! The workers: they take jobs, run their steps, and settle how they ended.

use std::sync::Arc;
use std::time::Duration;

use domain::activity::ActivityResult;
use domain::job::JobState;
use domain::{Code, Problem};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use serde_json::Value;
use store::entity::{job, job_step, replica};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::run::{Reason, Run, Stop, shown};
use super::{run_step, undo};
use crate::{Error, Result, Services};

/// How often a job may be begun: one that kills its server each time must not go on for ever.
const MAX_ATTEMPTS: i32 = 20;
/// How often a step's progress is written down.
const TICK: Duration = Duration::from_millis(400);
/// Ticks between two heartbeats.
const HEARTBEAT: u32 = 5;
/// How often an idle worker looks for jobs of other servers or of the past.
const POLL: Duration = Duration::from_secs(1);

impl Services {
    /// Runs workers and reconcilers until the token is cancelled; then hands back what runs.
    pub async fn run_workers(&self, shutdown: CancellationToken) {
        let mut tasks = JoinSet::new();
        for _ in 0..self.settings().workers.max(1) {
            let (services, shutdown) = (self.clone(), shutdown.clone());
            tasks.spawn(async move { services.work(shutdown).await });
        }
        let (services, token) = (self.clone(), shutdown);
        tasks.spawn(async move { services.reconcile(token).await });
        while tasks.join_next().await.is_some() {}
    }

    async fn work(&self, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            match self.job_claim().await {
                Ok(Some(job)) => {
                    let span = tracing::info_span!("job", job.id = %job.id, job.kind = job.kind);
                    self.job_run(job, &shutdown).instrument(span).await;
                }
                Ok(None) => {
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        () = self.inner.wake.notified() => {}
                        () = tokio::time::sleep(POLL) => {}
                    }
                }
                Err(error) => {
                    tracing::error!(error = %error, "jobs can't be taken; trying again");
                    tokio::time::sleep(POLL).await;
                }
            }
        }
    }

    /// Runs a claimed job as far as it goes.
    async fn job_run(&self, job: job::Model, shutdown: &CancellationToken) {
        let id = job.id;
        let run = Arc::new(Run::new(self.clone(), job));
        self.job_moved(id);
        let done = CancellationToken::new();
        let keeper = tokio::spawn(keep(Arc::clone(&run), shutdown.clone(), done.clone()));
        let driven = self.job_drive(&run).await;
        done.cancel();
        // The keeper only ends; a panic in it was already reported.
        let _ = keeper.await;
        let settled = match driven {
            Ok(()) => self.job_release(id).await,
            // Kept until the lease runs out: at once it would fail in the same way.
            failed => failed,
        };
        if let Err(error) = settled {
            tracing::error!(error = %error, "a job could not be brought forward; a worker goes on at the same step when its lease is over");
        }
        self.job_moved(id);
    }

    async fn job_drive(&self, run: &Run) -> Result<()> {
        if run.job.state != JobState::Undoing.to_string() {
            let ended = if run.job.cancel_requested && run.kind().can_cancel() {
                Err(Stop::Canceled)
            } else if run.job.attempts > MAX_ATTEMPTS {
                Err(Problem::new(
                    Code::InternalServerError,
                    "The operation was interrupted too often.",
                )
                .into())
            } else {
                self.job_steps(run).await
            };
            match ended {
                Ok(last) => {
                    let made = last.as_str().map(str::to_owned);
                    let state = match run.missed() {
                        Some(problem) => {
                            self.job_problem(run, JobState::Running, &problem).await?;
                            JobState::Failed
                        }
                        None => JobState::Succeeded,
                    };
                    return self.job_end(run, state, made).await;
                }
                Err(Stop::HandedBack) => return Ok(()),
                Err(Stop::Waiting) => return self.job_park(run.job.id).await,
                Err(Stop::Missed(problem)) => {
                    self.job_problem(run, JobState::Undoing, &problem).await?;
                }
                Err(Stop::Canceled) => {
                    let problem = Problem::new(Code::OperationCanceled, "Cancelled.");
                    self.job_problem(run, JobState::Undoing, &problem).await?;
                }
                Err(Stop::Failed(error)) => {
                    let problem = shown(error, &run.job.request_id);
                    tracing::warn!(problem.code = %problem.code, problem = problem.message, "a job failed; undoing it");
                    self.job_problem(run, JobState::Undoing, &problem).await?;
                }
            }
        }
        undo(run).await?;
        let canceled = run
            .problem()
            .await?
            .is_some_and(|problem| problem.code == Code::OperationCanceled);
        self.job_end(
            run,
            if canceled {
                JobState::Canceled
            } else {
                JobState::Failed
            },
            None,
        )
        .await
    }

    /// Runs every step that has not run, and answers what the last one made.
    async fn job_steps(&self, run: &Run) -> std::result::Result<Value, Stop> {
        let steps = job_step::Entity::find()
            .filter(job_step::Column::JobId.eq(run.job.id))
            .order_by_asc(job_step::Column::Ordinal)
            .all(self.db())
            .await?;
        let mut last = Value::Null;
        for step in steps {
            if step.state == JobState::Succeeded.to_string() {
                last = step.output.unwrap_or_default();
                run.keep_output(&step.name, last.clone());
                continue;
            }
            if let Some(problem) = missed(&step)? {
                run.miss(problem);
                continue;
            }
            run.proceed()?;
            run.on_replica(None);
            let name = step.name.clone();
            let mut active = step.into_active_model();
            active.state = Set(JobState::Running.to_string());
            active.percent = Set(0);
            let begun = active.started_at.take().flatten();
            active.started_at = Set(Some(begun.unwrap_or_else(|| self.now())));
            let step = active.update(self.db()).await?;
            self.job_moved(run.job.id);
            let span = tracing::info_span!("step", step.name = name);
            let made = run_step(run, &name)
                .instrument(span)
                .await
                .map_err(|stop| run.settle(stop));
            let mut active = step.into_active_model();
            active.finished_at = Set(Some(self.now()));
            match made {
                Ok(output) => {
                    active.state = Set(JobState::Succeeded.to_string());
                    active.percent = Set(100);
                    active.output = Set(Some(output.clone()));
                    active.update(self.db()).await?;
                    run.keep_output(&name, output.clone());
                    last = output;
                }
                Err(stop @ (Stop::HandedBack | Stop::Waiting)) => return Err(stop),
                Err(Stop::Missed(problem)) => {
                    tracing::warn!(step.name = name, problem.code = %problem.code, problem = problem.message, "a part of a job failed; going on without it");
                    active.state = Set(JobState::Failed.to_string());
                    active.output = Set(Some(serde_json::to_value(&problem)?));
                    active.update(self.db()).await?;
                    run.miss(problem);
                }
                Err(stop) => {
                    let state = if matches!(stop, Stop::Canceled) {
                        JobState::Canceled
                    } else {
                        JobState::Failed
                    };
                    active.state = Set(state.to_string());
                    active.update(self.db()).await?;
                    return Err(stop);
                }
            }
            self.job_moved(run.job.id);
        }
        Ok(last)
    }

    /// Writes down what went wrong, and what is done about it.
    async fn job_problem(&self, run: &Run, state: JobState, problem: &Problem) -> Result<()> {
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(state.to_string()))
            .col_expr(
                job::Column::Problem,
                Expr::value(serde_json::to_value(problem)?),
            )
            .filter(job::Column::Id.eq(run.job.id))
            .exec(self.db())
            .await?;
        self.job_moved(run.job.id);
        Ok(())
    }

    async fn job_end(&self, run: &Run, state: JobState, made: Option<String>) -> Result<()> {
        let tx = self.inner.store.begin().await?;
        let row = job::Entity::find_by_id(run.job.id).one(&tx).await?;
        let row = row.ok_or_else(|| Error::internal("a job's row is gone"))?;
        let problem: Option<Problem> = row
            .problem
            .clone()
            .map(serde_json::from_value)
            .transpose()?;
        let mut active = row.into_active_model();
        active.state = Set(state.to_string());
        active.result = Set(made.clone());
        active.finished_at = Set(Some(self.now()));
        active.lease_owner = Set(None);
        active.lease_until = Set(None);
        active.update(&tx).await?;
        let (result, detail) = match state {
            JobState::Succeeded => (ActivityResult::Succeeded, made.unwrap_or_default()),
            JobState::Canceled => (ActivityResult::Canceled, String::new()),
            _ => (
                ActivityResult::Failed,
                problem.map(|p| p.message).unwrap_or_default(),
            ),
        };
        let operation = run.kind().operation();
        self.record(
            &tx,
            &run.ctx(),
            operation,
            &run.job.resource_id,
            result,
            detail,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What a step left out before the job was interrupted: only a step that was gone on without keeps its problem.
fn missed(step: &job_step::Model) -> Result<Option<Problem>> {
    if step.state != JobState::Failed.to_string() {
        return Ok(None);
    }
    let problem = step.output.clone().map(serde_json::from_value);
    Ok(problem.transpose()?)
}

/// Keeps the lease, writes progress down, and passes on the wish to stop.
async fn keep(run: Arc<Run>, shutdown: CancellationToken, done: CancellationToken) {
    let mut shown = (None, 0);
    let mut tick = 0_u32;
    loop {
        tokio::select! {
            () = done.cancelled() => return,
            () = shutdown.cancelled(), if !run.cancel.is_cancelled() => run.stop(Reason::HandBack),
            () = tokio::time::sleep(TICK) => {}
        }
        let now = (run.replica(), run.percent());
        if now != shown && now.1 > 0 {
            shown = now;
            if let Err(error) = write_progress(&run, now.0, now.1).await {
                tracing::warn!(error = %error, "progress could not be written");
            }
            run.services.job_moved(run.job.id);
        }
        tick += 1;
        if !tick.is_multiple_of(HEARTBEAT) {
            continue;
        }
        match run.services.job_heartbeat(run.job.id).await {
            Ok((false, _)) => run.stop(Reason::HandBack),
            Ok((true, true)) if run.kind().can_cancel() && !run.cancel.is_cancelled() => {
                run.stop(Reason::Cancel)
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(error = %error, "a lease could not be extended"),
        }
    }
}

async fn write_progress(run: &Run, replica: Option<uuid::Uuid>, percent: u8) -> Result<()> {
    job_step::Entity::update_many()
        .col_expr(job_step::Column::Percent, Expr::value(i32::from(percent)))
        .filter(job_step::Column::JobId.eq(run.job.id))
        .filter(job_step::Column::State.eq(JobState::Running.to_string()))
        .exec(run.services.db())
        .await?;
    if let Some(id) = replica {
        replica::Entity::update_many()
            .col_expr(replica::Column::Percent, Expr::value(i32::from(percent)))
            .filter(replica::Column::Id.eq(id))
            .exec(run.services.db())
            .await?;
    }
    Ok(())
}
