//! Long work: enqueued with the rows that it is for, run in steps that are rows, resumed after a crash.
//!
//! | kind | steps | undo |
//! |---|---|---|
//! | `TemplateExport` | reserve, quiesce, snapshot, flatten, verify, replicate:source, publish, replicate:…, complete | [`build::undo`] |
//! | `VersionImport` | reserve, convert, verify, replicate:source, publish, replicate:…, complete | [`build::undo`] |
//! | `VersionCopy` | reserve, copy, verify, replicate:source, publish, replicate:…, complete | [`build::undo`] |
//! | `VersionReplicate` | replicate:…, prune | [`replicate::undo`] |
//! | `VersionDelete` | remove | none: it is tried again |
//! | `LabCreate` | disk, ready | [`lab::undo`] |
//! | `LabDelete` | stop, remove | none: it is tried again |
//! | `MachineStart` | start | [`machine::undo`] |
//! | `MachineStop` | stop | [`machine::undo`] |
//! | `VersionCapture` | reserve, quiesce, copy, verify, replicate:source, publish, replicate:…, complete | [`capture::undo`] |
//! | `DiskCreate`, `SnapshotCreate`, `ManagedImageCreate` | reserve, copy, verify, keep | [`disk::undo`] |
//! | `DiskDelete`, `SnapshotDelete`, `ManagedImageDelete` | remove | none: it is tried again |
//! | `VmCreate` | disks, start, ready | [`virtual_machine::undo_create`] |
//! | `VmDelete` | stop, detach, remove | none: it is tried again |
//! | `VmStart`, `VmStop`, `VmDeallocate`, `VmRestart` | stop, start | [`virtual_machine::undo_power`] |
//! | `VmGeneralize` | generalize, replace | [`generalize::undo`] |
//! | `Deployment` | write:…, answer | [`deployment::undo`]: what is written stays |
//! | `GroupDelete` | delete:…, group | none: it is tried again |
//!
//! A step that can't be done undoes the job, but for a copy in a further region: that is missed ([`Stop::Missed`]), the
//! job goes on, and ends as failed with what it made.

mod build;
mod capture;
mod claim;
mod copy;
mod deployment;
mod disk;
mod export;
mod generalize;
mod group;
mod import;
mod kept;
mod lab;
mod machine;
mod medium;
mod reconcile;
mod remove;
mod replica;
mod replicate;
mod run;
mod virtual_machine;
mod worker;

pub(crate) use build::{BuildInput, Disk};
pub(crate) use capture::CaptureInput;
pub(crate) use copy::CopyInput;
pub(crate) use deployment::DeploymentJob;
pub(crate) use disk::DiskJob;
pub(crate) use export::ExportJob;
pub(crate) use generalize::steps as generalize_steps;
pub(crate) use group::GroupJob;
pub(crate) use import::{ImportInput, SourceFile};
pub(crate) use lab::LabJob;
pub(crate) use machine::{MachineJob, disk_path as machine_disk};
pub(crate) use medium::Part;
pub(crate) use remove::RemoveJob;
pub(crate) use replica::{replica_rows, store_of};
pub(crate) use replicate::ReplicateJob;
pub(crate) use run::{Run, Stop};
pub(crate) use virtual_machine::{ATTACHED, EMPTY, FROM_IMAGE, VmJob};

use domain::OpContext;
use domain::job::{JobKind, JobState};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::Serialize;
use serde_json::Value;
use store::entity::{job, job_step};

use crate::{Result, Services};

/// One step as it is announced: its name and its words.
pub(crate) type Step = (String, String);

/// Makes a step.
pub(crate) fn step(name: impl Into<String>, title: impl Into<String>) -> Step {
    (name.into(), title.into())
}

impl Services {
    /// Writes a job and its steps in the transaction of the rows that it is for.
    pub(crate) async fn job_enqueue(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        kind: JobKind,
        resource_id: &str,
        input: &impl Serialize,
        steps: Vec<Step>,
    ) -> Result<job::Model> {
        let row = job::ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            kind: Set(kind.to_string()),
            resource_id: Set(resource_id.to_owned()),
            resource_key: Set(resource_id.to_lowercase()),
            input: Set(serde_json::to_value(input)?),
            result: Set(None),
            state: Set(JobState::Pending.to_string()),
            cancel_requested: Set(false),
            lease_owner: Set(None),
            lease_until: Set(None),
            attempts: Set(0),
            problem: Set(None),
            created_at: Set(self.now()),
            finished_at: Set(None),
            created_by: Set(ctx.caller.user_name.clone()),
            principal_id: Set(Some(ctx.caller.principal)),
            request_id: Set(ctx.request_id.clone()),
        };
        let row = row.insert(tx).await?;
        let steps = steps
            .into_iter()
            .enumerate()
            .map(|(ordinal, (name, title))| job_step::ActiveModel {
                job_id: Set(row.id),
                ordinal: Set(i32::try_from(ordinal).unwrap_or(i32::MAX)),
                name: Set(name),
                title: Set(title),
                state: Set(JobState::Pending.to_string()),
                percent: Set(0),
                output: Set(None),
                started_at: Set(None),
                finished_at: Set(None),
            });
        job_step::Entity::insert_many(steps).exec(tx).await?;
        Ok(row)
    }

    /// Tells the workers of this process that a job was committed.
    pub(crate) fn job_wake(&self) {
        self.inner.wake.notify_one();
    }
}

/// Runs one step of a job; what it answers is kept for the steps after it.
async fn run_step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    match run.kind() {
        JobKind::TemplateExport => export::step(run, name).await,
        JobKind::VersionImport => import::step(run, name).await,
        JobKind::VersionCopy => copy::step(run, name).await,
        JobKind::VersionReplicate => replicate::step(run, name).await,
        JobKind::VersionDelete => remove::version(run).await,
        JobKind::LabCreate => lab::create(run, name).await,
        JobKind::LabDelete => lab::remove(run, name).await,
        JobKind::MachineStart | JobKind::MachineStop => machine::step(run, name).await,
        JobKind::VersionCapture => capture::step(run, name).await,
        JobKind::DiskCreate | JobKind::SnapshotCreate | JobKind::ManagedImageCreate => {
            disk::create(run, name).await
        }
        JobKind::DiskDelete | JobKind::SnapshotDelete | JobKind::ManagedImageDelete => {
            disk::remove(run).await
        }
        JobKind::VmCreate => virtual_machine::create(run, name).await,
        JobKind::VmDelete => virtual_machine::remove(run, name).await,
        JobKind::VmStart | JobKind::VmStop | JobKind::VmDeallocate | JobKind::VmRestart => {
            virtual_machine::power(run, name).await
        }
        JobKind::VmGeneralize => generalize::step(run, name).await,
        JobKind::Deployment => deployment::step(run, name).await,
        JobKind::GroupDelete => group::step(run, name).await,
    }
}

/// Takes back whatever a job did, however far it came; may be repeated.
async fn undo(run: &Run) -> Result<()> {
    match run.kind() {
        JobKind::TemplateExport => export::undo(run).await,
        JobKind::VersionImport => import::undo(run).await,
        JobKind::VersionCopy => build::undo(run, &run.input::<CopyInput>()?.build).await,
        JobKind::VersionReplicate => replicate::undo(run).await,
        JobKind::LabCreate => lab::undo(run).await,
        JobKind::MachineStart | JobKind::MachineStop => machine::undo(run).await,
        JobKind::VersionDelete => remove::undo(run).await,
        JobKind::LabDelete => lab::undo_remove(run).await,
        JobKind::VersionCapture => capture::undo(run).await,
        JobKind::DiskCreate | JobKind::SnapshotCreate | JobKind::ManagedImageCreate => {
            disk::undo(run).await
        }
        JobKind::DiskDelete | JobKind::SnapshotDelete | JobKind::ManagedImageDelete => {
            disk::undo_remove(run).await
        }
        JobKind::VmCreate => virtual_machine::undo_create(run).await,
        JobKind::VmDelete => virtual_machine::undo_remove(run).await,
        JobKind::VmStart | JobKind::VmStop | JobKind::VmDeallocate | JobKind::VmRestart => {
            virtual_machine::undo_power(run).await
        }
        JobKind::VmGeneralize => generalize::undo(run).await,
        JobKind::Deployment => deployment::undo(run).await,
        // What is deleted stays deleted; the group stays with the rest, and can be deleted again.
        JobKind::GroupDelete => Ok(()),
    }
}
