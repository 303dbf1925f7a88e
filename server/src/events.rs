//! Server-sent events: how far a job is, what a machine does.
//!
//! Another server on the same database may be the one that works, so every stream also looks for itself once a second.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::OpContext;
use services::{Error, Services};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::middleware::refusal::Refusal;
use crate::middleware::{RequestId, Signed};
use crate::state::AppState;

/// How long a stream trusts that nobody moved what it shows.
const LOOK: Duration = Duration::from_secs(1);

/// Routes of this module.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/events/jobs/{id}", get(job))
        .route("/events/machines/{id}", get(machine))
}

async fn job(
    state: State<AppState>,
    caller: Signed,
    id: RequestId,
    headers: HeaderMap,
    path: Path<Uuid>,
) -> Response {
    follow(Subject::Job, state, caller, id, headers, path).await
}

async fn machine(
    state: State<AppState>,
    caller: Signed,
    id: RequestId,
    headers: HeaderMap,
    path: Path<Uuid>,
) -> Response {
    follow(Subject::Machine, state, caller, id, headers, path).await
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Job,
    Machine,
}

/// What a stream shows: the view in JSON, and whether nothing more will come.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    json: String,
    is_over: bool,
}

impl Subject {
    async fn look(
        self,
        services: &Services,
        caller: &OpContext,
        id: Uuid,
    ) -> services::Result<Seen> {
        Ok(match self {
            Self::Job => {
                let job = services.job_get(caller, id).await?;
                Seen {
                    json: serde_json::to_string(&job)?,
                    is_over: job.state.is_over(),
                }
            }
            Self::Machine => {
                let machine = services.machine_get(caller, id).await?;
                Seen {
                    json: serde_json::to_string(&machine)?,
                    is_over: false,
                }
            }
        })
    }
}

async fn follow(
    subject: Subject,
    State(state): State<AppState>,
    caller: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
) -> Response {
    // Subscribed before the first look, so that no change falls between the two.
    let moved = state.services.jobs_watch();
    let checked_at = Instant::now();
    let mut follower = Follower {
        subject,
        state,
        caller,
        request_id,
        id,
        moved,
        checked_at,
        seen: None,
    };
    if let Err(error) = follower.look().await {
        let problem = error.into_problem(&follower.request_id.0);
        return Refusal::new(problem, &headers, &follower.request_id).into_response();
    }
    let first = follower.seen.as_ref().map(event);
    let rest = futures::stream::unfold(follower, async |mut follower| {
        let event = follower.next().await?;
        Some((event, follower))
    });
    let events = futures::StreamExt::chain(futures::stream::iter(first), rest);
    let events = futures::StreamExt::map(events, Ok::<_, Infallible>);
    let mut response = Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response();
    // Proxies that gather answers would hold events back.
    response
        .headers_mut()
        .insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn event(seen: &Seen) -> Event {
    Event::default().data(&seen.json)
}

/// One open stream.
#[derive(Debug)]
struct Follower {
    subject: Subject,
    state: AppState,
    caller: Signed,
    request_id: RequestId,
    id: Uuid,
    moved: Receiver<Uuid>,
    checked_at: Instant,
    seen: Option<Seen>,
}

impl Follower {
    /// Waits for the next change; none when there will be no more, or when the caller may not see it any longer.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.seen.as_ref().is_some_and(|seen| seen.is_over) {
                return None;
            }
            tokio::select! {
                () = self.state.shutdown.cancelled() => return None,
                () = sleep(LOOK.min(self.trusted_for())) => {}
                () = moved(&mut self.moved, self.id), if self.subject == Subject::Job => {}
            }
            if self.trusted_for().is_zero() {
                self.checked_at = Instant::now();
                self.caller
                    .renew(&self.state)
                    .await
                    .map_err(|error| self.ended(error))
                    .ok()?;
            }
            match self.look().await {
                Ok(true) => return self.seen.as_ref().map(event),
                Ok(false) => {}
                Err(error) => {
                    self.ended(error);
                    return None;
                }
            }
        }
    }

    /// Time until the caller has to be looked up again.
    fn trusted_for(&self) -> Duration {
        self.state.trust.saturating_sub(self.checked_at.elapsed())
    }

    /// It is gone, or hidden by now; a failure of ours is logged, and the browser connects again.
    fn ended(&self, error: Error) {
        if let Error::Internal(_) = error {
            let _ = error.into_problem(&self.request_id.0);
        }
    }

    /// Looks again, and says whether anything changed.
    async fn look(&mut self) -> Result<bool, Error> {
        self.caller.context.now = self.state.services.now();
        let seen = self
            .subject
            .look(&self.state.services, &self.caller.context, self.id)
            .await?;
        let is_new = self.seen.as_ref() != Some(&seen);
        self.seen = Some(seen);
        Ok(is_new)
    }
}

/// Returns when this job moved, or when so much moved that it may be among it.
async fn moved(watch: &mut Receiver<Uuid>, id: Uuid) {
    loop {
        match watch.recv().await {
            Ok(moved) if moved == id => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
