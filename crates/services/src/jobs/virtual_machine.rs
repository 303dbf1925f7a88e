//! Virtual machines are made, started, stopped and removed.

use std::time::Duration;

use domain::image::VersionState;
use domain::lab::ProvisioningState;
use domain::{Code, Problem};
use engine::EngineError;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::{disk, machine, virtual_machine};
use uuid::Uuid;

use super::build::{self, Disk};
use super::machine::{disk_path, find_machine, not_started, release, spec};
use super::medium::{self, DISKS, disk_key};
use super::run::answer;
use super::{Run, Step, Stop, disk as kept, lab, step as named};
use crate::{Error, Result};

/// The word for a disk that was there before its machine.
pub(crate) const ATTACHED: &str = "Attach";
/// The word for a disk that began empty.
pub(crate) const EMPTY: &str = "Empty";
/// The word for a disk that came with the image.
pub(crate) const FROM_IMAGE: &str = "FromImage";

/// Which virtual machine is made, changed or removed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct VmJob {
    /// The machine.
    pub(crate) machine: Uuid,
    /// The managed image that a new one is made from; none for a version and for a disk of its own.
    pub(crate) image: Option<Uuid>,
    /// How many of a new machine's disks come from its image.
    pub(crate) from_image: u32,
}

impl VmJob {
    /// A job on a machine that is there.
    pub(crate) fn on(machine: Uuid) -> Self {
        Self {
            machine,
            image: None,
            from_image: 0,
        }
    }

    /// The steps of a creation.
    pub(crate) fn create() -> Vec<Step> {
        vec![
            named("disks", "Make the machine's disks"),
            named("start", "Start the machine"),
            named("ready", "Make the machine ready"),
        ]
    }

    /// The steps of a removal.
    pub(crate) fn remove() -> Vec<Step> {
        vec![
            named("stop", "Switch the machine off"),
            named("detach", "Keep the disks that stay"),
            named("remove", "Remove the machine"),
        ]
    }

    /// The one step of a start.
    pub(crate) fn start() -> Vec<Step> {
        vec![named("start", "Start the machine")]
    }

    /// The one step of a stop.
    pub(crate) fn stop() -> Vec<Step> {
        vec![named("stop", "Shut the machine down")]
    }

    /// The steps of a restart.
    pub(crate) fn restart() -> Vec<Step> {
        [Self::stop(), Self::start()].concat()
    }
}

pub(crate) async fn create(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: VmJob = run.input()?;
    let row = find(run, input.machine).await?;
    match name {
        "disks" => {
            make_disks(run, &input, &row).await?;
            answer(())
        }
        "start" => {
            start(run, &row).await?;
            answer(())
        }
        _ => {
            for disk in disks_of(run, row.id).await? {
                settle(run, disk).await?;
            }
            virtual_machine::Entity::update_many()
                .col_expr(
                    virtual_machine::Column::ProvisioningState,
                    Expr::value(ProvisioningState::Succeeded.to_string()),
                )
                .filter(virtual_machine::Column::Id.eq(row.id))
                .exec(run.services.db())
                .await?;
            release(run, row.id, None).await?;
            answer(row.resource_id)
        }
    }
}

/// Makes every disk that is not there yet: layers over a version's disks and over disks of the machine's own, copies of a
/// managed image's. Rule A5.
async fn make_disks(
    run: &Run,
    input: &VmJob,
    row: &machine::Model,
) -> std::result::Result<(), Stop> {
    let engine = run.services.engine();
    tokio::fs::create_dir_all(engine.machine_dir(row.id)).await?;
    if row.version_id.is_some() {
        lab::lay(run, row, input.from_image).await?;
    }
    for disk in disks_of(run, row.id).await? {
        let slot = u32::try_from(disk.slot.unwrap_or_default()).unwrap_or_default();
        let target = disk_path(&run.services, row.id, slot);
        match (disk.attached_as.as_deref(), input.image) {
            (Some(FROM_IMAGE), None) => {}
            (Some(FROM_IMAGE), Some(image)) => {
                let source = engine
                    .stores()
                    .local_path(&disk.location, &disk_key(image, slot))
                    .await?;
                engine
                    .disks()
                    .flatten(&source, &target, &run.watch())
                    .await?;
            }
            (Some(EMPTY), _) => {
                let size = sizes(&disk)?.first().map_or(0, |disk| disk.virtual_bytes);
                engine.disks().create(&target, size).await?;
            }
            _ => {
                // A layer of an earlier try was never used: it is made again.
                let _ = tokio::fs::remove_file(&target).await;
                let key = disk_key(disk.id, 0);
                let backing = engine.stores().local_path(&disk.location, &key).await?;
                engine.disks().overlay_create(&backing, &target).await?;
            }
        }
    }
    Ok(())
}

/// A new machine's disk is there from now on.
async fn settle(run: &Run, row: disk::Model) -> Result<()> {
    if row.state != VersionState::Creating.to_string() {
        return Ok(());
    }
    let path = medium::file_of(&run.services, &row, 0).await?;
    let facts = run.services.engine().disks().facts(&path).await?;
    let known = Disk {
        virtual_bytes: facts.virtual_bytes,
        occupied_bytes: facts.actual_bytes,
        checksum: String::new(),
    };
    let mut row = row.into_active_model();
    row.state = Set(VersionState::Succeeded.to_string());
    row.disks = Set(serde_json::to_value([known])?);
    row.update(run.services.db()).await?;
    Ok(())
}

/// A creation that failed leaves nothing: disks that were there before are free again.
pub(crate) async fn undo_create(run: &Run) -> Result<()> {
    let input: VmJob = run.input()?;
    let engine = run.services.engine();
    engine
        .hypervisor()
        .stop(input.machine, Duration::ZERO)
        .await?;
    build::remove_folder(&engine.machine_dir(input.machine)).await?;
    for disk in disks_of(run, input.machine).await? {
        if disk.attached_as.as_deref() == Some(ATTACHED) {
            detached(run, disk).await?;
        } else {
            kept::forget(run, disk.id).await?;
        }
    }
    forget(run, input.machine).await
}

pub(crate) async fn remove(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: VmJob = run.input()?;
    let engine = run.services.engine();
    match name {
        "stop" => {
            // Its memory is deleted with it: nothing is gained by a gentle end.
            engine
                .hypervisor()
                .stop(input.machine, Duration::ZERO)
                .await?;
        }
        "detach" => {
            for disk in disks_of(run, input.machine).await? {
                if !disk.goes_with_machine {
                    detach(run, disk).await?;
                }
            }
        }
        _ => {
            build::remove_folder(&engine.machine_dir(input.machine)).await?;
            for disk in disks_of(run, input.machine).await? {
                let folder = format!("{DISKS}/{}", disk.id);
                engine.stores().delete_all(&disk.location, &folder).await?;
                kept::forget(run, disk.id).await?;
            }
            forget(run, input.machine).await?;
        }
    }
    answer(())
}

/// Writes a disk with its layers into the region's store, where it stays by itself.
async fn detach(run: &Run, row: disk::Model) -> std::result::Result<(), Stop> {
    let (engine, id) = (run.services.engine(), row.id);
    let source = medium::file_of(&run.services, &row, 0).await?;
    let staged = build::staged(run, 0);
    tokio::fs::create_dir_all(build::staging(run)).await?;
    engine
        .disks()
        .flatten(&source, &staged, &run.watch())
        .await?;
    let disks = build::inspect(run, 1).await?;
    engine
        .stores()
        .adopt(&row.location, &disk_key(id, 0), &staged)
        .await?;
    build::remove_folder(&build::staging(run)).await?;
    let row = disk::Model {
        disks: serde_json::to_value(&disks)?,
        ..row
    };
    detached(run, row).await?;
    Ok(())
}

/// Frees a disk of its machine.
async fn detached(run: &Run, row: disk::Model) -> Result<()> {
    let disks = row.disks.clone();
    let mut row = row.into_active_model();
    row.disks = Set(disks);
    row.machine_id = Set(None);
    row.slot = Set(None);
    row.lun = Set(None);
    row.attached_as = Set(None);
    row.goes_with_machine = Set(false);
    row.etag = Set(run.services.new_etag());
    row.updated_at = Set(run.services.now());
    row.update(run.services.db()).await?;
    Ok(())
}

/// A removal that failed is shown, and can be asked for again.
pub(crate) async fn undo_remove(run: &Run) -> Result<()> {
    let input: VmJob = run.input()?;
    build::remove_folder(&build::staging(run)).await?;
    virtual_machine::Entity::update_many()
        .col_expr(
            virtual_machine::Column::ProvisioningState,
            Expr::value(ProvisioningState::Failed.to_string()),
        )
        .filter(virtual_machine::Column::Id.eq(input.machine))
        .exec(run.services.db())
        .await?;
    let problem = run.problem().await?.map(|problem| problem.message);
    release(run, input.machine, problem).await
}

/// Starts, stops, deallocates, restarts.
pub(crate) async fn power(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: VmJob = run.input()?;
    let row = find(run, input.machine).await?;
    let kind = run.kind();
    if name == "start" {
        start(run, &row).await?;
    } else {
        let grace = run.services.settings().stop_grace;
        run.services
            .engine()
            .hypervisor()
            .stop(row.id, grace)
            .await?;
    }
    if name == "stop" && kind == domain::job::JobKind::VmRestart {
        return answer(());
    }
    virtual_machine::Entity::update_many()
        .col_expr(
            virtual_machine::Column::Deallocated,
            Expr::value(kind == domain::job::JobKind::VmDeallocate),
        )
        .filter(virtual_machine::Column::Id.eq(row.id))
        .exec(run.services.db())
        .await?;
    release(run, row.id, None).await?;
    answer(row.resource_id)
}

/// A start that failed leaves the machine off and says why; a stop leaves it as it is.
pub(crate) async fn undo_power(run: &Run) -> Result<()> {
    let input: VmJob = run.input()?;
    if run.kind() == domain::job::JobKind::VmStart {
        run.services
            .engine()
            .hypervisor()
            .stop(input.machine, Duration::ZERO)
            .await?;
    }
    let shown = run
        .problem()
        .await?
        .filter(|problem| problem.code != Code::OperationCanceled)
        .map(|problem| problem.message);
    release(run, input.machine, shown).await
}

async fn start(run: &Run, row: &machine::Model) -> std::result::Result<(), Stop> {
    let spec = spec(&run.services, row)?;
    let hypervisor = run.services.engine().hypervisor();
    tokio::select! {
        started = hypervisor.start(&spec) => Ok(started.map_err(not_started)?),
        () = run.cancel.cancelled() => Err(run.settle(EngineError::Cancelled.into())),
    }
}

/// Removes the rows of a machine that has no disks any more, and the roles that were given at it.
async fn forget(run: &Run, id: Uuid) -> Result<()> {
    let tx = run.services.store().begin().await?;
    machine::Entity::delete_by_id(id).exec(&tx).await?;
    if let Some(row) = virtual_machine::Entity::find_by_id(id).one(&tx).await? {
        virtual_machine::Entity::delete_by_id(id).exec(&tx).await?;
        let ctx = run.ctx();
        run.services
            .rights_forget(&tx, &ctx, &row.resource_key)
            .await?;
    }
    Ok(tx.commit().await?)
}

/// A machine's disks, the OS disk first.
pub(super) async fn disks_of(run: &Run, machine: Uuid) -> Result<Vec<disk::Model>> {
    let rows = disk::Entity::find()
        .filter(disk::Column::MachineId.eq(machine))
        .order_by_asc(disk::Column::Slot);
    Ok(rows.all(run.services.db()).await?)
}

pub(super) async fn find(run: &Run, id: Uuid) -> std::result::Result<machine::Model, Stop> {
    let row = find_machine(run, id).await?;
    let gone = || Problem::not_found("The virtual machine");
    Ok(row.ok_or_else(gone)?)
}

fn sizes(row: &disk::Model) -> Result<Vec<Disk>> {
    serde_json::from_value(row.disks.clone()).map_err(Error::from)
}
