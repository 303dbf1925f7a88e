//! Long work: a row per job and per step, which is also all that progress pages show.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::problem::Problem;
use crate::words::words;

words!(JobState {
    Pending,
    Running,
    Succeeded,
    Failed,
    Canceled,
    Undoing
});
words!(JobKind {
    TemplateExport,
    VersionImport,
    VersionCopy,
    VersionReplicate,
    VersionDelete,
    LabCreate,
    LabDelete,
    MachineStart,
    MachineStop
});

/// How far a job or a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum JobState {
    /// Waits for a worker or for the step before it.
    Pending,
    Running,
    Succeeded,
    Failed,
    /// Stopped on request, everything undone.
    Canceled,
    /// Being undone after a failure or a cancel.
    Undoing,
}

impl JobState {
    /// Whether nothing more will happen.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Canceled)
    }

    /// The state as ARM operations name it.
    #[must_use]
    pub fn arm(self) -> &'static str {
        match self {
            Self::Pending => "NotStarted",
            Self::Running | Self::Undoing => "InProgress",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
        }
    }
}

/// The kinds of long work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum JobKind {
    /// A template VM becomes an image version.
    TemplateExport,
    /// Uploads become an image version.
    VersionImport,
    /// A version becomes a version of another definition.
    VersionCopy,
    /// A version's replicas are added or removed.
    VersionReplicate,
    /// A version's files are removed, then its row.
    VersionDelete,
    /// A lab's template VM is made.
    LabCreate,
    /// A lab's machines and rows are removed.
    LabDelete,
    /// A machine is started.
    MachineStart,
    /// A machine is stopped.
    MachineStop,
}

/// A job as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// The operation's id.
    pub id: Uuid,
    /// What it does.
    pub kind: JobKind,
    /// The ARM id of the resource that it works on.
    pub resource_id: String,
    /// How far it is.
    pub state: JobState,
    /// 0 to 100 over all steps.
    pub percent: u8,
    /// Its steps in order.
    pub steps: Vec<StepView>,
    /// Whether somebody asked to cancel it.
    pub cancel_requested: bool,
    /// Whether it still can be cancelled.
    pub can_cancel: bool,
    /// Why it failed.
    pub problem: Option<Problem>,
    /// What it made: an ARM id, when it makes a resource.
    pub result: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
    /// User name of who asked for it.
    pub created_by: String,
}

/// One step of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// The step's name, such as `flatten` or `replicate:westeurope`.
    pub name: String,
    /// The step in words.
    pub title: String,
    /// How far it is.
    pub state: JobState,
    /// 0 to 100.
    pub percent: u8,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
}
