//! One job in the hands of a worker.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::job::JobKind;
use domain::{Caller, Code, OpContext, Origin, Problem};
use engine::{EngineError, Watch};
use sea_orm::EntityTrait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::entity::job;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Error, Result, Services};

/// Why a step did not finish.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It can't be done; the job is undone and says why.
    Failed(Error),
    /// This part can't be had, but the rest is worth having: the job goes on, and says at its end what is missing.
    Missed(Problem),
    /// Somebody asked to cancel.
    Canceled,
    /// This server is shutting down, or lost its lease: another worker goes on.
    HandedBack,
    /// Another job has to end first: the job is put aside, so that it keeps no worker from that one, and looked at again
    /// in a moment.
    Waiting,
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Why the running step is asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Reason {
    None,
    Cancel,
    HandBack,
}

/// A job, its outputs so far, and its ties to the worker.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) services: Services,
    pub(crate) job: job::Model,
    pub(crate) cancel: CancellationToken,
    outputs: Mutex<BTreeMap<String, Value>>,
    percent: Arc<AtomicU8>,
    replica: Mutex<Option<Uuid>>,
    missed: Mutex<Vec<Problem>>,
    reason: AtomicU8,
}

impl Run {
    pub(crate) fn new(services: Services, job: job::Model) -> Self {
        Self {
            services,
            job,
            cancel: CancellationToken::new(),
            outputs: Mutex::default(),
            percent: Arc::default(),
            replica: Mutex::default(),
            missed: Mutex::default(),
            reason: AtomicU8::new(Reason::None as u8),
        }
    }

    pub(crate) fn kind(&self) -> JobKind {
        crate::job::kind(&self.job)
    }

    /// What the job was asked for.
    pub(crate) fn input<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_value(self.job.input.clone())?)
    }

    /// What an earlier step answered.
    ///
    /// # Errors
    /// Internal when that step did not run: a fault in the job's list of steps.
    pub(crate) fn output<T: DeserializeOwned>(&self, step: &str) -> Result<T> {
        let outputs = self.outputs.lock().unwrap_or_else(PoisonError::into_inner);
        let value = outputs
            .get(step)
            .cloned()
            .ok_or_else(|| Error::internal(format!("step {step} left no output")))?;
        Ok(serde_json::from_value(value)?)
    }

    pub(crate) fn keep_output(&self, step: &str, value: Value) {
        self.outputs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(step.to_owned(), value);
    }

    /// The eye that the engine reports to and asks whether to go on.
    pub(crate) fn watch(&self) -> Watch {
        let percent = Arc::clone(&self.percent);
        Watch::new(
            self.cancel.clone(),
            Arc::new(move |progress| percent.store(progress.percent(), Ordering::Relaxed)),
        )
    }

    /// Says which replica the progress is of from now on.
    pub(crate) fn on_replica(&self, id: Option<Uuid>) {
        *self.replica.lock().unwrap_or_else(PoisonError::into_inner) = id;
        self.percent.store(0, Ordering::Relaxed);
    }

    pub(crate) fn replica(&self) -> Option<Uuid> {
        *self.replica.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn percent(&self) -> u8 {
        self.percent.load(Ordering::Relaxed)
    }

    /// Keeps what a step could not do, for the end of the job.
    pub(crate) fn miss(&self, problem: Problem) {
        self.missed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(problem);
    }

    /// What the job has to say of the parts that are missing; none when it did everything.
    pub(crate) fn missed(&self) -> Option<Problem> {
        let missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        let first = missed.first()?;
        let messages: Vec<&str> = missed.iter().map(|one| one.message.as_str()).collect();
        Some(Problem {
            message: messages.join(" ") + " Everything else is done, and can be used.",
            ..first.clone()
        })
    }

    /// Why the job is undone, as its row has it.
    pub(crate) async fn problem(&self) -> Result<Option<Problem>> {
        let row = job::Entity::find_by_id(self.job.id)
            .one(self.services.db())
            .await?;
        let problem = row.and_then(|row| row.problem);
        Ok(problem.map(serde_json::from_value).transpose()?)
    }

    /// Asks the running step to stop.
    pub(crate) fn stop(&self, reason: Reason) {
        self.reason.store(reason as u8, Ordering::SeqCst);
        self.cancel.cancel();
    }

    /// What a step's end means: a failure that we asked for is a cancel or a hand-back.
    pub(crate) fn settle(&self, stop: Stop) -> Stop {
        match self.reason.load(Ordering::SeqCst) {
            reason if reason == Reason::HandBack as u8 => Stop::HandedBack,
            reason if reason == Reason::Cancel as u8 => Stop::Canceled,
            _ => match stop {
                Stop::Failed(Error::Problem(problem))
                    if problem.code == Code::OperationCanceled =>
                {
                    Stop::Canceled
                }
                stop => stop,
            },
        }
    }

    /// The reason to stop, if there is one.
    pub(crate) fn proceed(&self) -> std::result::Result<(), Stop> {
        if self.cancel.is_cancelled() {
            Err(self.settle(EngineError::Cancelled.into()))
        } else {
            Ok(())
        }
    }

    /// The circumstances that the job's log lines are written in.
    pub(crate) fn ctx(&self) -> OpContext {
        OpContext {
            caller: Caller {
                principal: self.job.principal_id.unwrap_or_default(),
                tenant: self.job.tenant_id,
                display_name: self.job.created_by.clone(),
                user_name: self.job.created_by.clone(),
                grants: Vec::new(),
                foreign: Vec::new(),
            },
            request_id: self.job.request_id.clone(),
            now: self.services.now(),
            origin: Origin::System,
        }
    }
}

/// A step's answer as it is kept.
pub(crate) fn answer(value: impl Serialize) -> std::result::Result<Value, Stop> {
    serde_json::to_value(value).map_err(Stop::from)
}

/// The problem that a failed job shows; internal causes are logged, not shown.
pub(crate) fn shown(error: Error, request_id: &str) -> Problem {
    error.into_problem(request_id)
}
