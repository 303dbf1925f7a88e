//! Disks and snapshots, and what managed images have in common with them. Rules A7, A8, A42, A73.

use std::collections::BTreeMap;

use domain::compute::{DiskInput, DiskKind, DiskView};
use domain::image::VersionState;
use domain::job::{JobKind, JobView};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId, Violation};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use store::entity::disk::{Column, Entity, Model};
use store::entity::virtual_machine;
use uuid::Uuid;

use super::Origin;
use crate::find::{only, visible};
use crate::jobs::DiskJob;
use crate::resource::{in_use, resource_row, tags_column, touch};
use crate::{Error, Result, Services, Updated};

/// A disk, snapshot or managed image that was checked and is to be made.
pub(super) struct NewDisk<'a> {
    pub(super) id: &'a ResourceId,
    pub(super) kind: DiskKind,
    pub(super) location: &'a str,
    pub(super) tags: &'a BTreeMap<String, String>,
    pub(super) disk_type: domain::image::DiskType,
    pub(super) origin: Origin,
}

impl Services {
    /// The disks, snapshots or managed images that the caller sees, in the whole tenant or within a scope.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn disk_list(
        &self,
        ctx: &OpContext,
        kind: DiskKind,
        scope: Option<&ResourceId>,
        page: &PageRequest,
    ) -> Result<Page<DiskView>> {
        let query =
            visible::<Entity>(ctx, kind.read(), scope).filter(Column::Kind.eq(kind.to_string()));
        let sort = match page.sort.as_deref() {
            Some("createdAt") => Column::CreatedAt,
            Some("location") => Column::Location,
            _ => Column::Name,
        };
        let rows = self.page(query, sort, page).await?;
        rows.map_all(|rows| self.disk_views(rows)).await
    }

    /// One disk, snapshot or managed image: its id says which.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn disk_get(&self, ctx: &OpContext, id: &ResourceId) -> Result<DiskView> {
        let row = self.disk_find(ctx, id, kind_of(id)?.read()).await?;
        only(self.disk_views(vec![row]).await?)
    }

    /// Creates a disk or a snapshot, which its id says, or changes the tags of one that is there.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `ResourceNotFound` for its source, `MachineRunning` for the disk of a
    /// machine that runs, `PreconditionFailed`.
    pub async fn disk_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: DiskInput,
        precondition: Precondition,
    ) -> Result<Updated<DiskView>> {
        let kind = kind_of(id)?;
        let (action, regions) = (kind.write(), &self.settings().regions);
        ctx.authorize(action, Action::ResourceGroupRead, &id.key())?;
        let max = self.settings().limits.disk_bytes;
        let mut found = input.check(id.name(), kind, regions, max);
        found.extend(self.closed(ctx, id, &input.location));
        if let Some(changed) = self.disk_retag(ctx, id, &input.tags, &precondition).await? {
            return Ok(changed);
        }
        Problem::unless_empty(found)?;
        let location = regions.short_name(&input.location);
        let mut origin = self
            .origin(ctx, &location, &input.source, input.size_gib)
            .await?;
        let system = &mut origin.system;
        system.os_type = input.os_type.or(system.os_type);
        system.generation = input.hyper_v_generation.or(system.generation);
        let (tx, row) = self.begin_put::<Entity>(ctx, id, &precondition).await?;
        absent(row.as_ref())?;
        let new = NewDisk {
            id,
            kind,
            location: &location,
            tags: &input.tags,
            disk_type: input.disk_type,
            origin,
        };
        self.disk_begin(ctx, tx, new).await
    }

    /// Changes the tags of a disk, snapshot or managed image.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `InvalidRequest`, `PreconditionFailed`.
    pub async fn disk_update(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        tags: Option<BTreeMap<String, String>>,
        precondition: Precondition,
    ) -> Result<DiskView> {
        let kind = kind_of(id)?;
        let begun = self.begin_change::<Entity>(ctx, id, kind.write(), &precondition);
        let (tx, row) = begun.await.map_err(|error| named(kind, error))?;
        let tags = tags.unwrap_or(serde_json::from_value(row.tags.clone())?);
        Problem::unless_empty(domain::gallery::tags(&tags))?;
        let mut row = row.into_active_model();
        row.tags = tags_column(&tags)?;
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        let operation = format!("{}_update", prefix(kind));
        self.record_done(&tx, ctx, &operation, &row.resource_id, "changed")
            .await?;
        tx.commit().await?;
        only(self.disk_views(vec![row]).await?)
    }

    /// Deletes a disk, snapshot or managed image with its files.
    ///
    /// # Errors
    /// `ResourceInUse` while a machine has the disk, and names it; `Conflict` while a job works on it;
    /// `PreconditionFailed`.
    pub async fn disk_delete(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        precondition: Precondition,
    ) -> Result<JobView> {
        let kind = kind_of(id)?;
        let begun = self.begin_change::<Entity>(ctx, id, kind.delete(), &precondition);
        let (tx, row) = begun.await.map_err(|error| named(kind, error))?;
        if let Some(machine) = row.machine_id {
            let machine = virtual_machine::Entity::find_by_id(machine)
                .one(&tx)
                .await?;
            let name = machine.map(|row| row.name).unwrap_or_default();
            let message =
                format!("The virtual machine “{name}” uses this disk. Delete that machine first.");
            return Err(in_use(&row.resource_id, message));
        }
        if row.job_id.is_some() {
            let message = "Another operation works on it. Wait until it is over, or cancel it, then try again.";
            return Err(Problem::new(Code::Conflict, message)
                .at(row.resource_id)
                .into());
        }
        let work = DiskJob {
            disk: row.id,
            region: row.location.clone(),
            parts: Vec::new(),
            machine: None,
        };
        let (job_kind, steps) = (kinds(kind).1, DiskJob::remove());
        let job = self
            .job_enqueue(&tx, ctx, job_kind, &row.resource_id, &work, steps)
            .await?;
        let mut row = row.into_active_model();
        row.state = Set(VersionState::Deleting.to_string());
        row.job_id = Set(Some(job.id));
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        self.record_begun(&tx, ctx, job_kind.operation(), &row.resource_id, "")
            .await?;
        self.job_begin(tx, job).await
    }

    /// Finds a disk, snapshot or managed image and authorises an action on it.
    pub(super) async fn disk_find(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        action: Action,
    ) -> Result<Model> {
        let kind = kind_of(id)?;
        let found = self.find_for::<Entity>(ctx, id, action).await;
        found.map_err(|error| named(kind, error))
    }

    /// Changes the tags of what a PUT finds there; nothing when there is nothing.
    pub(super) async fn disk_retag(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        tags: &BTreeMap<String, String>,
        precondition: &Precondition,
    ) -> Result<Option<Updated<DiskView>>> {
        let target = id.into();
        let found = crate::find::find_optional::<Entity>(self.db(), ctx.tenant(), &target).await?;
        if found.is_none() || *precondition == Precondition::MustNotExist {
            return Ok(None);
        }
        let updated = self.disk_update(ctx, id, Some(tags.clone()), precondition.clone());
        Ok(Some(Updated {
            value: updated.await?,
            job: None,
        }))
    }

    /// Inserts what is to be made, and enqueues the job that makes it.
    pub(super) async fn disk_begin(
        &self,
        ctx: &OpContext,
        tx: DatabaseTransaction,
        new: NewDisk<'_>,
    ) -> Result<Updated<DiskView>> {
        let origin = new.origin;
        let held = self.hold(&tx, origin.machine, false).await?;
        let system = origin.system;
        let row = resource_row!(
            self,
            ctx,
            new.id,
            new.location,
            new.tags,
            disk {
                kind: new.kind.to_string(),
                state: VersionState::Creating.to_string(),
                disk_type: new.disk_type.to_string(),
                os_type: system.os_type.map(|os_type| os_type.to_string()),
                os_state: system.os_state.map(|os_state| os_state.to_string()),
                generation: system.generation.map(|generation| generation.to_string()),
                disks: serde_json::to_value(&origin.disks)?,
                source: serde_json::to_value(&origin.source)?,
                machine_id: None,
                slot: None,
                lun: None,
                attached_as: None,
                goes_with_machine: false,
                job_id: None,
            }
        );
        let row = row.insert(&tx).await?;
        if let Some(source) = &origin.resource_id {
            self.share_used(&tx, ctx, source, new.id).await?;
        }
        let work = DiskJob {
            disk: row.id,
            region: new.location.to_owned(),
            parts: origin.parts,
            machine: origin.machine,
        };
        let (kind, steps) = (kinds(new.kind).0, DiskJob::create());
        let job = self
            .job_enqueue(&tx, ctx, kind, &row.resource_id, &work, steps)
            .await?;
        self.uploads_hold(&tx, &work.parts, job.id).await?;
        if let Some(machine) = held {
            let mut machine = machine.into_active_model();
            machine.job_id = Set(Some(job.id));
            machine.update(&tx).await?;
        }
        let mut row = row.into_active_model();
        row.job_id = Set(Some(job.id));
        let row = row.update(&tx).await?;
        self.record_begun(&tx, ctx, kind.operation(), &row.resource_id, "")
            .await?;
        let job = self.job_begin(tx, job).await?;
        Ok(Updated {
            value: only(self.disk_views(vec![row]).await?)?,
            job: Some(job),
        })
    }

    /// Refuses a region that the operator keeps for others. Rule A37.
    pub(super) fn closed(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        location: &str,
    ) -> Vec<Violation> {
        let regions = &self.settings().regions;
        regions.closed("location", [location], ctx.tenant(), id.subscription())
    }

    /// A machine's disks, the OS disk first.
    pub(super) async fn disks_of(
        &self,
        db: &impl ConnectionTrait,
        machine: Uuid,
    ) -> Result<Vec<Model>> {
        let rows = Entity::find()
            .filter(Column::MachineId.eq(machine))
            .order_by_asc(Column::Slot);
        Ok(rows.all(db).await?)
    }
}

/// The right to see a row: a disk's, a snapshot's or a managed image's.
pub(crate) fn reading(row: &Model) -> Action {
    DiskKind::parse(&row.kind).map_or(Action::DiskRead, DiskKind::read)
}

/// What the id names.
pub(super) fn kind_of(id: &ResourceId) -> Result<DiskKind> {
    Ok(DiskKind::of(id).ok_or_else(|| Problem::not_found("The resource"))?)
}

/// Refuses to make what is there: a caller who asked for nothing else was answered before.
pub(super) fn absent(row: Option<&Model>) -> Result<()> {
    match row {
        Some(row) => Err(crate::resource::taken("name", &row.name).into()),
        None => Ok(()),
    }
}

/// Words a refusal for what the id names.
pub(super) fn named(kind: DiskKind, error: Error) -> Error {
    match error {
        Error::Problem(problem) if problem.code == Code::ResourceNotFound => {
            Problem::not_found(kind.what()).into()
        }
        error => error,
    }
}

/// The jobs that make and remove a kind.
fn kinds(kind: DiskKind) -> (JobKind, JobKind) {
    match kind {
        DiskKind::Disk => (JobKind::DiskCreate, JobKind::DiskDelete),
        DiskKind::Snapshot => (JobKind::SnapshotCreate, JobKind::SnapshotDelete),
        DiskKind::Image => (JobKind::ManagedImageCreate, JobKind::ManagedImageDelete),
    }
}

/// How operations on a kind begin.
fn prefix(kind: DiskKind) -> &'static str {
    match kind {
        DiskKind::Disk => "disk",
        DiskKind::Snapshot => "snapshot",
        DiskKind::Image => "managed_image",
    }
}
