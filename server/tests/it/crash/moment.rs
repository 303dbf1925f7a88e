//! A moment in an export, and the program's death at it.
//!
//! The program runs for a fraction of a millisecond at a time; in between, while all its threads stand still, its rows
//! are read. So it dies where it should, without a switch in the product that would kill it. A moment may be passed
//! over all the same: then the next export is another chance.

use std::time::Duration;

use domain::job::{JobKind, JobState};
use services::{Clock as _, SystemClock};
use store::entity::{job, job_step};
use store::sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use tokio::time::{Instant, sleep};

use super::house::House;
use super::leftovers::processes_in;
use super::process::Process;

/// The steps of an export to two regions.
pub(super) const STEPS: [&str; 9] = [
    "reserve",
    "quiesce",
    "snapshot",
    "flatten",
    "verify",
    "replicate:westeurope",
    "publish",
    "replicate:northeurope",
    "complete",
];
/// How long the program runs at a time, far from the moment and close to it.
const STRIDE: Duration = Duration::from_millis(2);
const CREEP: Duration = Duration::from_micros(40);
/// How long an export may take, and how long a moment may be waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// When the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// The step's row says that it runs.
    During(&'static str),
    /// The step's row says that it is done, and the next one has not begun.
    After(&'static str),
    /// What was done is being taken back.
    Undoing,
}

/// Where an export is, seen from a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Far,
    Near,
    Here,
    Past,
}

impl Moment {
    /// Every row that is written when a step begins or ends brings an export one further; none counts when it is undone.
    fn rows(self) -> Option<usize> {
        let rows = |name| STEPS.iter().position(|step| *step == name).map(|at| 2 * at);
        match self {
            Self::During(step) => rows(step).map(|rows| rows + 1),
            Self::After(step) => rows(step).map(|rows| rows + 2),
            Self::Undoing => None,
        }
    }

    fn place(self, export: &Export, house: &House) -> Place {
        let is_past = self.rows().is_some_and(|rows| export.rows > rows);
        let is_here = match self.rows() {
            Some(rows) => export.rows == rows && self.is_at_work(house),
            None => export.job.state == JobState::Undoing.to_string(),
        };
        let is_near = self.rows().is_none_or(|rows| export.rows + 1 >= rows);
        if export.is_over() || is_past {
            Place::Past
        } else if is_here {
            Place::Here
        } else if is_near && export.is_held() {
            Place::Near
        } else {
            Place::Far
        }
    }

    /// Whether the step's work itself was caught, where that shows from outside.
    fn is_at_work(self, house: &House) -> bool {
        match self {
            Self::During("flatten") => {
                let running = processes_in(house.portal.folder());
                running
                    .iter()
                    .any(|line| line.starts_with("qemu-img convert"))
            }
            Self::During("replicate:northeurope") => {
                let files = house.portal.files();
                files
                    .iter()
                    .any(|file| file.to_string_lossy().ends_with("#0"))
            }
            _ => true,
        }
    }
}

/// How far an export is.
#[derive(Debug)]
pub(super) struct Export {
    pub(super) job: job::Model,
    /// How many rows say so: two for every step that is done.
    pub(super) rows: usize,
}

impl Export {
    /// The export of this number, counted from the first; none before it was asked for.
    pub(super) async fn find(house: &House, number: usize) -> Option<Self> {
        let db = house.portal.services.store().db();
        let jobs = job::Entity::find()
            .filter(job::Column::Kind.eq(JobKind::TemplateExport.to_string()))
            .order_by_asc(job::Column::Id)
            .all(db)
            .await
            .expect("rows");
        let job = jobs.into_iter().nth(number - 1)?;
        let steps = job_step::Entity::find()
            .filter(job_step::Column::JobId.eq(job.id))
            .all(db)
            .await
            .expect("rows");
        let rows = steps.iter().map(|step| match step.state.as_str() {
            "Succeeded" => 2,
            "Running" => 1,
            _ => 0,
        });
        Some(Self {
            rows: rows.sum(),
            job,
        })
    }

    /// Waits for its end.
    pub(super) async fn ended(house: &House, number: usize) -> Self {
        let end = Instant::now() + PATIENCE;
        loop {
            let export = Self::find(house, number).await;
            if let Some(export) = export.filter(Self::is_over) {
                return export;
            }
            assert!(Instant::now() < end, "export {number} does not end");
            sleep(Duration::from_millis(50)).await;
        }
    }

    fn is_over(&self) -> bool {
        JobState::parse(&self.job.state).is_some_and(JobState::is_over)
    }

    /// Whether a worker has it in hand, dead or alive.
    fn is_held(&self) -> bool {
        self.job
            .lease_until
            .is_some_and(|until| until > SystemClock.now())
    }
}

/// Lets the program run to a moment of an export and kills it there; gives it back when it passed the moment over.
pub(super) async fn kill_at(
    house: &House,
    process: Process,
    number: usize,
    moment: Moment,
) -> Result<(), Process> {
    // A dead worker's lease: nothing moves before its end.
    if let Some(export) = Export::find(house, number).await
        && let Some(until) = export.job.lease_until
    {
        let left = until - SystemClock.now();
        sleep(left.to_std().unwrap_or_default()).await;
    }
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        process.pause();
        let export = Export::find(house, number).await;
        let place = export.map_or(Place::Far, |export| moment.place(&export, house));
        if place == Place::Here {
            process.kill();
            return Ok(());
        }
        process.resume();
        match place {
            Place::Past => return Err(process),
            Place::Near => std::thread::sleep(CREEP),
            Place::Far | Place::Here => sleep(STRIDE).await,
        }
    }
    panic!("{moment:?} never comes: {}", process.log());
}
