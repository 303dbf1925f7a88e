//! What a new disk, image, version or machine is made from: found, allowed, ready, and in the same region. Rules A7, A8,
//! A57, A81.

use domain::compute::{DiskKind, DiskSource, DiskSourceInput};
use domain::image::{HyperVGeneration, OsState, OsType, VersionState};
use domain::rbac::Action;
use domain::{Code, OpContext, Problem, ResourceId, Rule, Violation};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use store::entity::{disk, gallery, image_version, machine, upload, virtual_machine};
use uuid::Uuid;

use super::machine::MachineSource;
use crate::find::{find, find_optional, hidden};
use crate::jobs::{Disk, Part, SourceFile};
use crate::machine::{held, machine_idle};
use crate::{Result, Services};

/// The system on a disk, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct System {
    pub(crate) os_type: Option<OsType>,
    pub(crate) os_state: Option<OsState>,
    pub(crate) generation: Option<HyperVGeneration>,
}

/// What something is made from.
#[derive(Debug)]
pub(crate) struct Origin {
    /// The disks to read, the OS disk first.
    pub(crate) parts: Vec<Part>,
    /// What is remembered of it.
    pub(crate) source: DiskSource,
    /// The system on it.
    pub(crate) system: System,
    /// What is known of its disks' sizes.
    pub(crate) disks: Vec<Disk>,
    /// The machine that must be off while its disks are read.
    pub(crate) machine: Option<Uuid>,
    /// What it is made from, for the log of another organisation.
    pub(crate) resource_id: Option<ResourceId>,
}

impl Services {
    /// What a disk is made from, for a caller who may read it.
    pub(crate) async fn origin(
        &self,
        ctx: &OpContext,
        region: &str,
        source: &DiskSourceInput,
        size_gib: Option<u64>,
    ) -> Result<Origin> {
        match source {
            DiskSourceInput::Empty => Ok(empty(size_gib.unwrap_or_default() << 30)),
            DiskSourceInput::Copy { resource_id } => {
                let (row, id) = self.kept(ctx, region, resource_id).await?;
                if row.kind == DiskKind::Image.to_string() {
                    return Err(not_a_disk(resource_id).into());
                }
                let source = DiskSource::Copy {
                    resource_id: id.to_string(),
                };
                kept_origin(&row, source)
            }
            DiskSourceInput::Image { resource_id, lun } => {
                self.image_disk(ctx, region, resource_id, *lun).await
            }
            DiskSourceInput::Upload { upload } => self.uploaded(ctx, *upload).await,
        }
    }

    /// A disk, snapshot or managed image in this region that is ready, for a caller who may read it.
    pub(crate) async fn kept(
        &self,
        ctx: &OpContext,
        region: &str,
        id: &str,
    ) -> Result<(disk::Model, ResourceId)> {
        let id = ResourceId::parse(id).map_err(|_| Problem::not_found("The source"))?;
        let kind = DiskKind::of(&id).ok_or_else(|| Problem::not_found("The source"))?;
        let row = self.disk_find(ctx, &id, kind.read()).await?;
        if row.state != VersionState::Succeeded.to_string() {
            let message = format!("“{}” is not ready yet.", row.name);
            return Err(Problem::new(Code::Conflict, message).at("source").into());
        }
        here(region, &row.name, &row.location)?;
        Ok((row, id))
    }

    /// A machine's disks, for a caller who may read it and take it out of use.
    pub(crate) async fn machine_origin(
        &self,
        ctx: &OpContext,
        region: &str,
        id: &ResourceId,
    ) -> Result<(virtual_machine::Model, Origin)> {
        let row = self
            .find_for::<virtual_machine::Entity>(ctx, id, Action::VmWrite)
            .await?;
        here(region, &row.name, &row.location)?;
        let machine = machine::Entity::find_by_id(row.id).one(self.db()).await?;
        let machine = machine.ok_or_else(|| Problem::not_found("The virtual machine"))?;
        let rows = self.disks_of(self.db(), row.id).await?;
        let mut disks = Vec::new();
        for disk in &rows {
            let known: Vec<Disk> = serde_json::from_value(disk.disks.clone())?;
            disks.extend(known.into_iter().take(1));
        }
        let parts = rows.iter().map(|disk| Part::Kept {
            disk: disk.id,
            number: 0,
        });
        let origin = Origin {
            parts: parts.collect(),
            source: DiskSource::VirtualMachine {
                resource_id: row.resource_id.clone(),
            },
            system: System {
                os_type: OsType::parse(&row.os_type),
                os_state: OsState::parse(&row.os_state),
                generation: HyperVGeneration::parse(&machine.firmware),
            },
            disks,
            machine: Some(row.id),
            resource_id: None,
        };
        Ok((row, origin))
    }

    /// Holds the machine whose disks a job reads; a machine that runs is refused, unless the job stops it.
    pub(crate) async fn hold(
        &self,
        tx: &impl ConnectionTrait,
        machine: Option<Uuid>,
        stops: bool,
    ) -> Result<Option<machine::Model>> {
        let Some(id) = machine else { return Ok(None) };
        let row = held(tx, id).await?;
        machine_idle(&row)?;
        let stopped = domain::machine::MachineState::Stopped.to_string();
        if !stops && row.state != stopped {
            let message = format!(
                "The machine “{}” runs on this disk. Stop it first, so that the copy is whole.",
                row.name
            );
            return Err(Problem::new(Code::MachineRunning, message)
                .at(row.resource_id)
                .into());
        }
        Ok(Some(row))
    }

    /// One disk of an image version or managed image.
    async fn image_disk(
        &self,
        ctx: &OpContext,
        region: &str,
        id: &str,
        lun: Option<u32>,
    ) -> Result<Origin> {
        let image = self.machine_source(ctx, region, id).await?;
        let number = lun.map_or(0, |lun| lun.saturating_add(1));
        let disks = image.disks();
        let Some(disk) = disks.get(number as usize).cloned() else {
            let violation = Violation::new(Rule::UnknownChoice, "lun")
                .with("value", lun.unwrap_or_default())
                .with(
                    "allowed",
                    format!("the image's {} data disks", disks.len() - 1),
                );
            return Err(Problem::from_violations(vec![violation]).into());
        };
        let part = match &image {
            MachineSource::Version { row, .. } => Part::Version {
                version: row.id,
                number,
                region: region.to_owned(),
                bytes: disk.occupied_bytes,
            },
            MachineSource::Image { row, .. } | MachineSource::Disk { row, .. } => Part::Kept {
                disk: row.id,
                number,
            },
        };
        let facts = image.facts();
        let system = if number == 0 {
            System {
                os_type: Some(facts.os_type),
                os_state: Some(facts.os_state),
                generation: Some(facts.hyper_v_generation),
            }
        } else {
            System::default()
        };
        Ok(Origin {
            parts: vec![part],
            source: DiskSource::Image {
                resource_id: image.resource_id().to_owned(),
                lun,
            },
            system,
            disks: vec![disk],
            machine: None,
            resource_id: Some(ResourceId::from_stored(image.resource_id().to_owned())),
        })
    }

    /// An upload that has arrived, for a caller who may write versions of its gallery. Rule A73.
    async fn uploaded(&self, ctx: &OpContext, id: Uuid) -> Result<Origin> {
        let missing = || Problem::not_found("The upload");
        let row = upload::Entity::find_by_id(id).one(self.db()).await?;
        let row = row
            .filter(|row| row.tenant_id == ctx.tenant())
            .ok_or_else(missing)?;
        let place = find::<gallery::Entity>(self.db(), ctx, &row.gallery_id.into()).await;
        let place = place.map_err(|_| missing())?;
        if !ctx.may(Action::VersionWrite, &place.resource_key) {
            return Err(missing().into());
        }
        let message = if row.checksum.is_none() {
            "has not arrived whole yet; finish the upload first."
        } else if row.job_id.is_some() {
            "is being imported already."
        } else {
            ""
        };
        if !message.is_empty() {
            let message = format!("“{}” {message}", row.file_name);
            return Err(Problem::new(Code::Conflict, message).at("uploads").into());
        }
        let file = SourceFile {
            path: self.upload_path(row.id),
            format: row.format.clone(),
            upload: Some(row.id),
        };
        Ok(Origin {
            parts: vec![Part::Upload(file)],
            source: DiskSource::Upload {
                file_name: row.file_name,
            },
            system: System::default(),
            disks: Vec::new(),
            machine: None,
            resource_id: None,
        })
    }

    /// Ties the uploads that a job reads to it.
    pub(super) async fn uploads_hold(
        &self,
        tx: &impl ConnectionTrait,
        parts: &[Part],
        job: Uuid,
    ) -> Result<()> {
        for part in parts {
            let Part::Upload(file) = part else { continue };
            let row = match file.upload {
                Some(id) => {
                    upload::Entity::find_by_id(id)
                        .lock_exclusive()
                        .one(tx)
                        .await?
                }
                None => None,
            };
            let row = row.filter(|row| row.job_id.is_none());
            let row = row.ok_or_else(|| {
                Problem::new(Code::Conflict, "The upload is being imported already.").at("uploads")
            })?;
            let mut row = sea_orm::IntoActiveModel::into_active_model(row);
            row.job_id = sea_orm::ActiveValue::Set(Some(job));
            sea_orm::ActiveModelTrait::update(row, tx).await?;
        }
        Ok(())
    }
}

impl Origin {
    /// Several origins as the disks of one image.
    pub(crate) fn joined(origins: Vec<Self>) -> Result<Self> {
        let system = origins.first().map(|one| one.system).unwrap_or_default();
        let mut machines: Vec<Uuid> = origins.iter().filter_map(|one| one.machine).collect();
        machines.dedup();
        if machines.len() > 1 {
            let message = "The disks are attached to several machines. Detach them, or take snapshots of them first.";
            return Err(Problem::new(Code::Conflict, message).into());
        }
        let sources = origins.iter().map(|one| one.source.clone()).collect();
        Ok(Self {
            system,
            machine: machines.first().copied(),
            source: DiskSource::Several { parts: sources },
            disks: origins.iter().flat_map(|one| one.disks.clone()).collect(),
            parts: origins.into_iter().flat_map(|one| one.parts).collect(),
            resource_id: None,
        })
    }
}

fn empty(bytes: u64) -> Origin {
    Origin {
        parts: vec![Part::Empty { bytes }],
        source: DiskSource::Empty,
        system: System::default(),
        disks: Vec::new(),
        machine: None,
        resource_id: None,
    }
}

/// Every disk of a kept disk, snapshot or managed image.
pub(crate) fn kept_origin(row: &disk::Model, source: DiskSource) -> Result<Origin> {
    let disks: Vec<Disk> = serde_json::from_value(row.disks.clone())?;
    let parts = (0..).zip(&disks).map(|(number, _)| Part::Kept {
        disk: row.id,
        number,
    });
    Ok(Origin {
        parts: parts.collect(),
        source,
        system: System {
            os_type: row.os_type.as_deref().and_then(OsType::parse),
            os_state: row.os_state.as_deref().and_then(OsState::parse),
            generation: row.generation.as_deref().and_then(HyperVGeneration::parse),
        },
        disks,
        machine: row.machine_id,
        resource_id: None,
    })
}

/// Refuses what lies in another region. Rule A81.
pub(crate) fn here(region: &str, name: &str, location: &str) -> std::result::Result<(), Problem> {
    if location == region {
        return Ok(());
    }
    let violation = Violation::new(Rule::OtherRegion, "location")
        .with("value", name)
        .with("region", location);
    Err(Problem::from_violations(vec![violation]))
}

/// The refusal of a managed image where a disk is wanted.
fn not_a_disk(id: &str) -> Problem {
    let violation = Violation::new(Rule::UnknownChoice, "sourceResourceId")
        .with("value", id)
        .with("allowed", "a disk or a snapshot");
    Problem::from_violations(vec![violation])
}

/// Finds a version of the caller's, of another organisation that shares it, or of the operator's base images.
pub(super) async fn find_version(
    services: &Services,
    ctx: &OpContext,
    id: &ResourceId,
) -> Result<image_version::Model> {
    if id.subscription() == Some(Uuid::nil()) {
        let target = id.into();
        let found = find_optional::<image_version::Entity>(services.db(), Uuid::nil(), &target);
        let row = found.await?;
        return Ok(row.ok_or_else(|| Problem::not_found("The image version"))?);
    }
    let row = find::<image_version::Entity>(services.db(), ctx, &id.into()).await?;
    ctx.authorize(Action::VersionRead, Action::VersionRead, &row.resource_key)
        .map_err(hidden::<image_version::Entity>)?;
    Ok(row)
}
