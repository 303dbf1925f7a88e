//! A new virtual machine with its disks. Rules A4, A5, A23, A32-A36, A57.

use domain::compute::{
    DataDiskInput, DataDiskSource, DiskKind, DiskSource, MachineImage, VirtualMachineInput,
    VirtualMachineView,
};
use domain::image::{DiskType, OsState, VersionState};
use domain::job::JobKind;
use domain::lab::ProvisioningState;
use domain::machine::{MachineKind, MachineState};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{OpContext, Problem, ResourceId, name};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QuerySelect};
use sea_orm::{DatabaseTransaction, IntoActiveModel};
use store::entity::virtual_machine::{Entity, Model};
use store::entity::{disk, machine};

use super::source::{MachineSource, free};
use crate::find::{find_optional, only};
use crate::jobs::{ATTACHED, Disk, EMPTY, FROM_IMAGE, VmJob};
use crate::resource::{resource_row, taken, vacant};
use crate::{Result, Services, Updated};

/// A disk that a new machine gets.
struct Slot {
    /// None for one that is there already.
    name: String,
    attached: Option<disk::Model>,
    lun: Option<u32>,
    word: &'static str,
    size_bytes: u64,
    disk_type: DiskType,
    goes_with_machine: bool,
}

impl Services {
    /// Creates a virtual machine and starts it, or changes the tags of one that is there.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `ResourceNotFound` for its image or disk, `Conflict` for a disk that is
    /// attached, `PreconditionFailed`.
    pub async fn virtual_machine_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: VirtualMachineInput,
        precondition: Precondition,
    ) -> Result<Updated<VirtualMachineView>> {
        ctx.authorize(Action::VmWrite, Action::ResourceGroupRead, &id.key())?;
        let found = find_optional::<Entity>(self.db(), ctx.tenant(), &id.into()).await?;
        if found.is_some() && precondition != Precondition::MustNotExist {
            let updated = self.virtual_machine_update(ctx, id, Some(input.tags), precondition);
            return Ok(Updated {
                value: updated.await?,
                job: None,
            });
        }
        let (settings, regions) = (self.settings(), &self.settings().regions);
        let max = settings.limits.disk_bytes;
        let mut found = input.check(id.name(), &settings.sizes, regions, max);
        found.extend(self.closed(ctx, id, &input.location));
        Problem::unless_empty(found)?;
        let region = regions.short_name(&input.location);
        let source = self.machine_made_of(ctx, &region, &input).await?;
        let facts = source.facts();
        Problem::unless_empty(input.check_image(&facts))?;
        let slots = self.slots(ctx, id, &region, &input, &source).await?;
        let password_hash = match &input.os_profile {
            Some(profile) if !profile.password.is_empty() => {
                Some(self.crypt(&profile.password).await?)
            }
            _ => None,
        };
        let (tx, row) = self.begin_put::<Entity>(ctx, id, &precondition).await?;
        if let Some(row) = row {
            return Err(taken("name", &row.name).into());
        }
        let row = self
            .virtual_machine_insert(&tx, ctx, id, &region, &input, &source)
            .await?;
        let machine = self
            .machine_insert(&tx, ctx, &row, &input, &source, &slots, password_hash)
            .await?;
        self.slots_insert(&tx, ctx, &row, &facts, &source, slots)
            .await?;
        self.virtual_machine_begin(ctx, tx, row, machine, &source)
            .await
    }

    /// The image or the disk of the wish.
    async fn machine_made_of(
        &self,
        ctx: &OpContext,
        region: &str,
        input: &VirtualMachineInput,
    ) -> Result<MachineSource> {
        match (&input.image, &input.os_disk.attach) {
            (Some(image), None) => self.machine_source(ctx, region, image).await,
            (_, Some(id)) => {
                let row = self.machine_disk(ctx, region, id).await?;
                let disks = serde_json::from_value(row.disks.clone())?;
                Ok(MachineSource::Disk { row, disks })
            }
            (None, None) => Err(Problem::not_found("The image").into()),
        }
    }

    /// All disks of the new machine in their order: those of the image, then the others.
    async fn slots(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        region: &str,
        input: &VirtualMachineInput,
        source: &MachineSource,
    ) -> Result<Vec<Slot>> {
        let usual = |number: usize| {
            let end = self.inner.ids.secret_hex(4);
            let stem: String = id.name().chars().take(60).collect();
            format!("{stem}_disk{}_{end}", number + 1)
        };
        let named = |name: &str, number| match name {
            "" => usual(number),
            name => name.to_owned(),
        };
        let os_type = input.os_disk_type(&source.facts());
        let mut slots = Vec::new();
        let is_image = !matches!(source, MachineSource::Disk { .. });
        for (number, disk) in source.disks().iter().enumerate() {
            let lun = u32::try_from(number).unwrap_or_default().checked_sub(1);
            let wish = input
                .data_disks
                .iter()
                .find(|disk| Some(disk.lun) == lun && disk.source == DataDiskSource::FromImage);
            let (name, goes, kind) = match (lun, wish) {
                (None, _) => {
                    let wish = &input.os_disk;
                    (named(&wish.name, number), wish.delete_with_machine, os_type)
                }
                (_, Some(wish)) => (
                    named(&wish.name, number),
                    wish.delete_with_machine,
                    wish.disk_type.unwrap_or(os_type),
                ),
                _ => (usual(number), input.os_disk.delete_with_machine, os_type),
            };
            let attached = match source {
                MachineSource::Disk { row, .. } => Some(row.clone()),
                _ => None,
            };
            slots.push(Slot {
                name,
                attached,
                lun,
                word: if is_image { FROM_IMAGE } else { ATTACHED },
                size_bytes: disk.virtual_bytes,
                disk_type: kind,
                goes_with_machine: goes,
            });
        }
        for disk in &input.data_disks {
            let number = slots.len();
            slots.extend(
                self.data_slot(ctx, region, disk, named(&disk.name, number), os_type)
                    .await?,
            );
        }
        Ok(slots)
    }

    /// A data disk that does not come with the image.
    async fn data_slot(
        &self,
        ctx: &OpContext,
        region: &str,
        input: &DataDiskInput,
        name: String,
        usual: DiskType,
    ) -> Result<Option<Slot>> {
        let (attached, word, size_bytes) = match &input.source {
            DataDiskSource::FromImage => return Ok(None),
            DataDiskSource::Empty { size_gib } => (None, EMPTY, size_gib.unwrap_or_default() << 30),
            DataDiskSource::Attach { resource_id } => {
                let row = self.machine_disk(ctx, region, resource_id).await?;
                (Some(row), ATTACHED, 0)
            }
        };
        Ok(Some(Slot {
            name,
            attached,
            lun: Some(input.lun),
            word,
            size_bytes,
            disk_type: input.disk_type.unwrap_or(usual),
            goes_with_machine: input.delete_with_machine,
        }))
    }

    async fn virtual_machine_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        id: &ResourceId,
        region: &str,
        input: &VirtualMachineInput,
        source: &MachineSource,
    ) -> Result<Model> {
        let facts = source.facts();
        let image = match source {
            MachineSource::Disk { .. } => None,
            source => Some(source.resource_id().to_owned()),
        };
        let columns = resource_row!(
            self,
            ctx,
            id,
            region,
            &input.tags,
            virtual_machine {
                provisioning_state: ProvisioningState::Creating.to_string(),
                deallocated: false,
                generalized: false,
                os_type: facts.os_type.to_string(),
                // What runs has an identity, whatever it was made from.
                os_state: OsState::Specialized.to_string(),
                image: image,
                network_interfaces: serde_json::to_value(&input.network_interfaces)?,
            }
        );
        Ok(columns.insert(tx).await?)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a machine's row has that many facts"
    )]
    async fn machine_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        row: &Model,
        input: &VirtualMachineInput,
        source: &MachineSource,
        slots: &[Slot],
        password_hash: Option<String>,
    ) -> Result<machine::Model> {
        let facts = source.facts();
        let sizes = &self.settings().sizes;
        let size = domain::compute::size("hardwareProfile.vmSize", &input.size, sizes);
        let size = size.map_err(|violation| Problem::from_violations(vec![violation]))?;
        let profile = input.os_profile.as_ref();
        let computer_name = profile.map(|profile| match profile.computer_name.as_str() {
            "" => name::computer_name(&row.name),
            given => given.to_lowercase(),
        });
        let keys = profile.map(|profile| &profile.ssh_keys);
        let version_id = match source {
            MachineSource::Version { row, .. } => Some(row.id),
            _ => None,
        };
        let os_disk = slots.first().map_or(0, |slot| slot.size_bytes);
        let mut mac = [0_u8; 3];
        self.inner.ids.fill(&mut mac);
        let machine = machine::ActiveModel {
            id: Set(row.id),
            tenant_id: Set(row.tenant_id),
            resource_id: Set(row.resource_id.clone()),
            resource_key: Set(row.resource_key.clone()),
            name: Set(row.name.clone()),
            lab_id: Set(None),
            kind: Set(MachineKind::Standalone.to_string()),
            state: Set(MachineState::Creating.to_string()),
            state_at: Set(ctx.now),
            problem: Set(None),
            region: Set(row.location.clone()),
            size: Set(size.name.clone()),
            firmware: Set(facts.hyper_v_generation.to_string()),
            computer_name: Set(computer_name),
            user_name: Set(profile.map(|profile| profile.user_name.clone())),
            password_hash: Set(password_hash),
            mac: Set(format!(
                "52:54:00:{:02x}:{:02x}:{:02x}",
                mac[0], mac[1], mac[2]
            )),
            os_disk_bytes: Set(i64::try_from(os_disk).unwrap_or(i64::MAX)),
            disk_count: Set(i32::try_from(slots.len()).unwrap_or(i32::MAX)),
            version_id: Set(version_id),
            replica_id: Set(None),
            job_id: Set(None),
            ssh_keys: Set(keys.map(serde_json::to_value).transpose()?),
        };
        Ok(machine.insert(tx).await?)
    }

    /// The rows of the new machine's disks; those that are there already are taken.
    async fn slots_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        row: &Model,
        facts: &MachineImage,
        source: &MachineSource,
        slots: Vec<Slot>,
    ) -> Result<()> {
        let place = ResourceId::from_stored(row.resource_id.clone()).group();
        let place = place.ok_or_else(|| Problem::not_found("The resource group"))?;
        for (number, slot) in (0_i32..).zip(slots) {
            let lun = slot.lun.and_then(|lun| i32::try_from(lun).ok());
            if let Some(seen) = slot.attached {
                let query = disk::Entity::find_by_id(seen.id).lock_exclusive();
                let found = query.one(tx).await?;
                let disk = found.ok_or_else(|| Problem::not_found("The disk"))?;
                free(&disk)?;
                let mut disk = disk.into_active_model();
                disk.machine_id = Set(Some(row.id));
                disk.slot = Set(Some(number));
                disk.lun = Set(lun);
                disk.attached_as = Set(Some(slot.word.to_owned()));
                disk.goes_with_machine = Set(slot.goes_with_machine);
                disk.etag = Set(self.new_etag());
                disk.update(tx).await?;
                continue;
            }
            let id = place.provider("Microsoft.Compute", DiskKind::Disk.word(), &slot.name);
            vacant::<disk::Entity>(tx, ctx, &id, "storageProfile.name").await?;
            let known = Disk {
                virtual_bytes: slot.size_bytes,
                occupied_bytes: 0,
                checksum: String::new(),
            };
            let is_system = number == 0;
            let made_from = if slot.word == EMPTY {
                DiskSource::Empty
            } else {
                DiskSource::Image {
                    resource_id: source.resource_id().to_owned(),
                    lun: slot.lun,
                }
            };
            let columns = resource_row!(
                self,
                ctx,
                id,
                row.location,
                &std::collections::BTreeMap::<String, String>::new(),
                disk {
                    kind: DiskKind::Disk.to_string(),
                    state: VersionState::Creating.to_string(),
                    disk_type: slot.disk_type.to_string(),
                    os_type: is_system.then(|| facts.os_type.to_string()),
                    os_state: is_system.then(|| OsState::Specialized.to_string()),
                    generation: is_system.then(|| facts.hyper_v_generation.to_string()),
                    disks: serde_json::to_value([known])?,
                    source: serde_json::to_value(made_from)?,
                    machine_id: Some(row.id),
                    slot: Some(number),
                    lun: lun,
                    attached_as: Some(slot.word.to_owned()),
                    goes_with_machine: slot.goes_with_machine,
                    job_id: None,
                }
            );
            columns.insert(tx).await?;
        }
        Ok(())
    }

    /// Enqueues the job that makes and starts the machine.
    async fn virtual_machine_begin(
        &self,
        ctx: &OpContext,
        tx: DatabaseTransaction,
        row: Model,
        machine: machine::Model,
        source: &MachineSource,
    ) -> Result<Updated<VirtualMachineView>> {
        let from_image = match source {
            MachineSource::Disk { .. } => 0,
            source => u32::try_from(source.disks().len()).unwrap_or_default(),
        };
        let work = VmJob {
            machine: row.id,
            image: match source {
                MachineSource::Image { row, .. } => Some(row.id),
                _ => None,
            },
            from_image,
        };
        let id = ResourceId::from_stored(row.resource_id.clone());
        let origin = ResourceId::from_stored(source.resource_id().to_owned());
        self.share_used(&tx, ctx, &origin, &id).await?;
        let (kind, steps) = (JobKind::VmCreate, VmJob::create());
        let job = self
            .job_enqueue(&tx, ctx, kind, &row.resource_id, &work, steps)
            .await?;
        let mut machine = machine.into_active_model();
        machine.job_id = Set(Some(job.id));
        machine.update(&tx).await?;
        let detail = format!("from {}", source.resource_id());
        self.record_begun(&tx, ctx, kind.operation(), &row.resource_id, detail)
            .await?;
        let job = self.job_begin(tx, job).await?;
        Ok(Updated {
            value: only(self.virtual_machine_views(vec![row]).await?)?,
            job: Some(job),
        })
    }
}
