//! Long work: a row per job and per step, which is also all that progress pages show.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::problem::Problem;
use crate::rbac::Action;
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
    MachineStop,
    Deployment,
    GroupDelete,
    VersionCapture,
    DiskCreate,
    DiskDelete,
    SnapshotCreate,
    SnapshotDelete,
    ManagedImageCreate,
    ManagedImageDelete,
    VmCreate,
    VmDelete,
    VmStart,
    VmStop,
    VmDeallocate,
    VmRestart,
    VmGeneralize
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
    /// The resources of a template are written, one after the other.
    Deployment,
    /// A resource group is deleted with all that lies in it.
    GroupDelete,
    /// A virtual machine, managed image, disks or snapshots become an image version.
    VersionCapture,
    /// A disk is made.
    DiskCreate,
    /// A disk's files are removed, then its row.
    DiskDelete,
    /// A snapshot is taken.
    SnapshotCreate,
    /// A snapshot's files are removed, then its row.
    SnapshotDelete,
    /// A managed image is made.
    ManagedImageCreate,
    /// A managed image's files are removed, then its row.
    ManagedImageDelete,
    /// A virtual machine is made and started.
    VmCreate,
    /// A virtual machine is removed; its disks are kept, but for those that go with it.
    VmDelete,
    /// A virtual machine is started.
    VmStart,
    /// A virtual machine is stopped.
    VmStop,
    /// A virtual machine is stopped and gives its size back.
    VmDeallocate,
    /// A virtual machine is stopped and started.
    VmRestart,
    /// A virtual machine's own data is removed. Rule A31.
    VmGeneralize,
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

impl JobKind {
    /// The right to change what the job works on, and the right to see it.
    #[must_use]
    pub fn actions(self) -> (Action, Action) {
        match self {
            Self::VersionImport
            | Self::VersionCopy
            | Self::VersionReplicate
            | Self::VersionCapture => (Action::VersionWrite, Action::VersionRead),
            Self::VersionDelete => (Action::VersionDelete, Action::VersionRead),
            Self::TemplateExport | Self::LabCreate => (Action::LabWrite, Action::LabRead),
            Self::LabDelete => (Action::LabDelete, Action::LabRead),
            Self::MachineStart => (Action::LabVmStart, Action::LabVmRead),
            Self::MachineStop => (Action::LabVmStop, Action::LabVmRead),
            Self::Deployment => (Action::DeploymentWrite, Action::DeploymentRead),
            Self::GroupDelete => (Action::ResourceGroupDelete, Action::ResourceGroupRead),
            Self::DiskCreate => (Action::DiskWrite, Action::DiskRead),
            Self::DiskDelete => (Action::DiskDelete, Action::DiskRead),
            Self::SnapshotCreate => (Action::SnapshotWrite, Action::SnapshotRead),
            Self::SnapshotDelete => (Action::SnapshotDelete, Action::SnapshotRead),
            Self::ManagedImageCreate => (Action::ManagedImageWrite, Action::ManagedImageRead),
            Self::ManagedImageDelete => (Action::ManagedImageDelete, Action::ManagedImageRead),
            Self::VmCreate => (Action::VmWrite, Action::VmRead),
            Self::VmDelete => (Action::VmDelete, Action::VmRead),
            Self::VmStart => (Action::VmStart, Action::VmRead),
            Self::VmStop => (Action::VmStop, Action::VmRead),
            Self::VmDeallocate => (Action::VmDeallocate, Action::VmRead),
            Self::VmRestart => (Action::VmRestart, Action::VmRead),
            Self::VmGeneralize => (Action::VmGeneralize, Action::VmRead),
        }
    }

    /// The operation's one name, as the log writes it.
    #[must_use]
    pub fn operation(self) -> &'static str {
        match self {
            Self::TemplateExport => "template_export",
            Self::VersionImport | Self::VersionCopy | Self::VersionCapture => "version_create",
            Self::VersionReplicate => "version_update",
            Self::VersionDelete => "version_delete",
            Self::LabCreate => "lab_put",
            Self::LabDelete => "lab_delete",
            Self::MachineStart => "machine_start",
            Self::MachineStop => "machine_stop",
            Self::Deployment => "deployment_put",
            Self::GroupDelete => "resource_group_delete",
            Self::DiskCreate => "disk_put",
            Self::DiskDelete => "disk_delete",
            Self::SnapshotCreate => "snapshot_put",
            Self::SnapshotDelete => "snapshot_delete",
            Self::ManagedImageCreate => "managed_image_put",
            Self::ManagedImageDelete => "managed_image_delete",
            Self::VmCreate => "virtual_machine_put",
            Self::VmDelete => "virtual_machine_delete",
            Self::VmStart => "virtual_machine_start",
            Self::VmStop => "virtual_machine_stop",
            Self::VmDeallocate => "virtual_machine_deallocate",
            Self::VmRestart => "virtual_machine_restart",
            Self::VmGeneralize => "virtual_machine_generalize",
        }
    }

    /// Whether it can be stopped in the middle and undone.
    #[must_use]
    pub fn can_cancel(self) -> bool {
        !matches!(
            self,
            Self::VersionDelete
                | Self::LabDelete
                | Self::MachineStop
                | Self::DiskDelete
                | Self::SnapshotDelete
                | Self::ManagedImageDelete
                | Self::VmDelete
                | Self::VmStop
                | Self::VmDeallocate
                | Self::VmRestart
        )
    }
}

/// The whole job's progress: steps that move gigabytes weigh ten times as much as others.
#[must_use]
pub fn percent(state: JobState, steps: &[StepView]) -> u8 {
    if state == JobState::Succeeded {
        return 100;
    }
    let weight = |step: &StepView| {
        let heavy = ["flatten", "convert", "copy", "generalize", "replicate"]
            .iter()
            .any(|name| step.name.starts_with(name));
        if heavy { 10_u32 } else { 1 }
    };
    let total: u32 = steps.iter().map(weight).sum();
    let done: u32 = steps
        .iter()
        .map(|step| {
            weight(step)
                * if step.state == JobState::Succeeded {
                    100
                } else {
                    u32::from(step.percent.min(99))
                }
        })
        .sum();
    u8::try_from((done / total.max(1)).min(99)).unwrap_or(99)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str, state: JobState, percent: u8) -> StepView {
        let (started_at, finished_at) = (None, None);
        StepView {
            name: name.to_owned(),
            title: String::new(),
            state,
            percent,
            started_at,
            finished_at,
        }
    }

    #[test]
    fn progress_never_reads_100_before_the_end_and_never_runs_backwards() {
        let mut steps = vec![
            step("reserve", JobState::Pending, 0),
            step("flatten", JobState::Pending, 0),
        ];
        let mut seen = vec![percent(JobState::Running, &steps)];
        steps[0].state = JobState::Succeeded;
        seen.push(percent(JobState::Running, &steps));
        steps[1].percent = 50;
        seen.push(percent(JobState::Running, &steps));
        steps[1].percent = 100;
        seen.push(percent(JobState::Running, &steps));
        steps[1].state = JobState::Succeeded;
        seen.push(percent(JobState::Running, &steps));
        assert!(seen.is_sorted(), "{seen:?}");
        assert_eq!(seen.last(), Some(&99));
        assert_eq!(percent(JobState::Succeeded, &steps), 100);
        assert_eq!(percent(JobState::Running, &[]), 0);
    }
}
