//! Disks and virtual machines as callers see them.

use std::collections::HashMap;

use domain::compute::{AttachedDisk, DiskKind, DiskView, VirtualMachineView};
use domain::image::{DiskType, HyperVGeneration, OsState, OsType, VersionState};
use domain::lab::ProvisioningState;
use domain::machine::MachineState;
use domain::{DiskSize, ResourceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use store::entity::{disk, machine, virtual_machine};
use uuid::Uuid;

use crate::jobs::Disk;
use crate::resource::meta;
use crate::{Error, Result, Services};

impl Services {
    pub(super) async fn disk_views(&self, rows: Vec<disk::Model>) -> Result<Vec<DiskView>> {
        let machines = virtual_machine::Entity::find()
            .filter(virtual_machine::Column::Id.is_in(rows.iter().filter_map(|r| r.machine_id)))
            .all(self.db())
            .await?;
        let machines: HashMap<Uuid, String> = machines
            .into_iter()
            .map(|row| (row.id, row.resource_id))
            .collect();
        let views = rows.into_iter().map(|row| {
            let managed_by = row.machine_id.and_then(|id| machines.get(&id).cloned());
            disk_view(row, managed_by.map(ResourceId::from_stored))
        });
        views.collect()
    }

    pub(super) async fn virtual_machine_views(
        &self,
        rows: Vec<virtual_machine::Model>,
    ) -> Result<Vec<VirtualMachineView>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut machines: HashMap<Uuid, machine::Model> = machine::Entity::find()
            .filter(machine::Column::Id.is_in(ids.iter().copied()))
            .all(self.db())
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let mut disks: HashMap<Uuid, Vec<disk::Model>> = HashMap::new();
        let found = disk::Entity::find()
            .filter(disk::Column::MachineId.is_in(ids))
            .order_by_asc(disk::Column::Slot)
            .all(self.db())
            .await?;
        for row in found {
            if let Some(machine) = row.machine_id {
                disks.entry(machine).or_default().push(row);
            }
        }
        let views = rows.into_iter().map(|row| {
            let machine = machines
                .remove(&row.id)
                .ok_or_else(|| Error::internal("a virtual machine without machine"))?;
            let disks = disks.remove(&row.id).unwrap_or_default();
            view(row, machine, &disks)
        });
        views.collect()
    }
}

fn disk_view(row: disk::Model, managed_by: Option<ResourceId>) -> Result<DiskView> {
    let disks: Vec<Disk> = serde_json::from_value(row.disks.clone())?;
    Ok(DiskView {
        meta: meta!(row),
        kind: DiskKind::parse(&row.kind).unwrap_or(DiskKind::Disk),
        state: VersionState::parse(&row.state).unwrap_or(VersionState::Failed),
        sizes: disks.iter().map(size).collect(),
        occupied_bytes: disks.iter().map(|disk| disk.occupied_bytes).sum(),
        disk_type: DiskType::parse(&row.disk_type).unwrap_or(DiskType::StandardHdd),
        os_type: row.os_type.as_deref().and_then(OsType::parse),
        os_state: row.os_state.as_deref().and_then(OsState::parse),
        hyper_v_generation: row.generation.as_deref().and_then(HyperVGeneration::parse),
        source: serde_json::from_value(row.source)?,
        managed_by,
        job: row.job_id,
    })
}

fn size(disk: &Disk) -> DiskSize {
    DiskSize::from_bytes(disk.virtual_bytes)
}

fn view(
    row: virtual_machine::Model,
    machine: machine::Model,
    disks: &[disk::Model],
) -> Result<VirtualMachineView> {
    let keys: Option<Vec<String>> = machine.ssh_keys.map(serde_json::from_value).transpose()?;
    let disks: Result<Vec<AttachedDisk>> = disks.iter().map(attached).collect();
    Ok(VirtualMachineView {
        meta: meta!(row),
        provisioning_state: ProvisioningState::parse(&row.provisioning_state)
            .unwrap_or(ProvisioningState::Failed),
        state: MachineState::parse(&machine.state).unwrap_or(MachineState::Failed),
        deallocated: row.deallocated,
        generalized: row.generalized,
        problem: machine.problem,
        size: machine.size,
        image: row.image.map(ResourceId::from_stored),
        os_type: OsType::parse(&row.os_type).unwrap_or(OsType::Linux),
        os_state: OsState::parse(&row.os_state).unwrap_or(OsState::Specialized),
        hyper_v_generation: HyperVGeneration::parse(&machine.firmware).unwrap_or_default(),
        disks: disks?,
        computer_name: machine.computer_name,
        user_name: machine.user_name,
        has_password: machine.password_hash.is_some(),
        ssh_keys: keys.unwrap_or_default(),
        network_interfaces: serde_json::from_value(row.network_interfaces)?,
        job: machine.job_id,
    })
}

fn attached(row: &disk::Model) -> Result<AttachedDisk> {
    let disks: Vec<Disk> = serde_json::from_value(row.disks.clone())?;
    Ok(AttachedDisk {
        resource_id: ResourceId::from_stored(row.resource_id.clone()),
        size: disks.first().map(size).unwrap_or_default(),
        disk_type: DiskType::parse(&row.disk_type).unwrap_or(DiskType::StandardHdd),
        lun: row.lun.map(i32::unsigned_abs),
        create_option: row.attached_as.clone().unwrap_or_default(),
        delete_with_machine: row.goes_with_machine,
    })
}
