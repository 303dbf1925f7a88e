use chrono::{DateTime, Utc};
use domain::compute::{AttachedDisk, VirtualMachineView};
use domain::lab::ProvisioningState;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::kept::Reference;
use crate::api::wire::Tracked;

/// A virtual machine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Machine {
    #[serde(flatten)]
    resource: Tracked,
    properties: MachineProperties,
}

/// A virtual machine's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineProperties {
    vm_id: Uuid,
    /// `Creating`, `Updating`, `Deleting`, `Succeeded` or `Failed`.
    provisioning_state: String,
    time_created: DateTime<Utc>,
    hardware_profile: HardwareProfile,
    storage_profile: MachineStorage,
    /// Absent for a specialized image, which keeps its own name and accounts. Rule A32.
    #[serde(skip_serializing_if = "Option::is_none")]
    os_profile: Option<MachineOsProfile>,
    network_profile: NetworkProfile,
    /// Only with `$expand=instanceView`.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_view: Option<InstanceView>,
}

/// What the machine runs on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HardwareProfile {
    vm_size: String,
}

/// The machine's image and disks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineStorage {
    /// The version or managed image that it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    image_reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os_disk: Option<MachineOsDisk>,
    data_disks: Vec<MachineDataDisk>,
}

/// The OS disk.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineOsDisk {
    /// `Linux` or `Windows`.
    os_type: String,
    #[serde(flatten)]
    disk: MachineDisk,
}

/// A data disk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MachineDataDisk {
    lun: u32,
    #[serde(flatten)]
    disk: MachineDisk,
}

/// A disk of a machine.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineDisk {
    name: String,
    /// `FromImage`, `Empty` or `Attach`.
    create_option: String,
    /// Always `ReadWrite`.
    caching: &'static str,
    /// `Delete` when it goes with the machine, else `Detach`.
    delete_option: &'static str,
    /// The virtual size in GiB, rounded up.
    #[serde(rename = "diskSizeGB")]
    disk_size_gb: u64,
    managed_disk: MachineDiskResource,
}

/// A disk's resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineDiskResource {
    id: String,
    storage_account_type: &'static str,
}

/// What a machine of a generalized image was given; its password is never shown.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineOsProfile {
    computer_name: String,
    admin_username: String,
    linux_configuration: LinuxConfiguration,
    /// Always empty.
    secrets: Vec<String>,
    allow_extension_operations: bool,
}

/// What only Linux has.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinuxConfiguration {
    disable_password_authentication: bool,
    ssh: Ssh,
}

/// How the first account signs in from afar.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ssh {
    public_keys: Vec<SshKey>,
}

/// A public key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SshKey {
    path: String,
    key_data: String,
}

/// The machine's place in networks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkProfile {
    network_interfaces: Vec<Reference>,
}

/// Whether the machine runs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InstanceView {
    #[serde(skip_serializing_if = "Option::is_none")]
    computer_name: Option<String>,
    /// `V1` or `V2`.
    #[serde(rename = "hyperVGeneration")]
    hyper_v_generation: String,
    /// First how far the machine is, then its power, then whether it was generalized.
    statuses: Vec<MachineStatus>,
}

/// One state.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineStatus {
    /// Such as `PowerState/running`.
    code: String,
    /// `Info` or `Error`.
    level: &'static str,
    display_status: String,
    /// Why it failed or stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl InstanceView {
    pub(super) fn new(view: &VirtualMachineView) -> Self {
        let made = match view.provisioning_state {
            ProvisioningState::Succeeded => ("succeeded", "Provisioning succeeded"),
            ProvisioningState::Failed => ("failed", "Provisioning failed"),
            ProvisioningState::Deleting => ("deleting", "Deleting"),
            _ => ("creating", "Creating"),
        };
        let status = |code: String, text: &str| MachineStatus {
            code,
            level: "Info",
            display_status: text.to_owned(),
            message: None,
        };
        let mut first = status(format!("ProvisioningState/{}", made.0), made.1);
        if view.problem.is_some() {
            first.level = "Error";
            first.message = view.problem.clone();
        }
        let (code, text) = view.power();
        let mut statuses = vec![first, status(code.to_owned(), text)];
        if view.generalized {
            statuses.push(status("OSState/generalized".to_owned(), "VM generalized"));
        }
        Self {
            computer_name: view.computer_name.clone(),
            hyper_v_generation: view.hyper_v_generation.to_string(),
            statuses,
        }
    }
}

impl MachineDisk {
    fn new(disk: &AttachedDisk) -> Self {
        Self {
            name: disk.resource_id.name().to_owned(),
            create_option: disk.create_option.clone(),
            caching: "ReadWrite",
            delete_option: if disk.delete_with_machine {
                "Delete"
            } else {
                "Detach"
            },
            disk_size_gb: disk.size.gib_ceil(),
            managed_disk: MachineDiskResource {
                id: disk.resource_id.to_string(),
                storage_account_type: disk.disk_type.as_str(),
            },
        }
    }
}

impl MachineOsProfile {
    fn new(view: &VirtualMachineView) -> Option<Self> {
        let user_name = view.user_name.clone()?;
        let keys = view.ssh_keys.iter().map(|key| SshKey {
            path: format!("/home/{user_name}/.ssh/authorized_keys"),
            key_data: key.clone(),
        });
        Some(Self {
            computer_name: view.computer_name.clone().unwrap_or_default(),
            linux_configuration: LinuxConfiguration {
                disable_password_authentication: !view.has_password,
                ssh: Ssh {
                    public_keys: keys.collect(),
                },
            },
            secrets: Vec::new(),
            allow_extension_operations: false,
            admin_username: user_name,
        })
    }
}

impl From<VirtualMachineView> for Machine {
    fn from(view: VirtualMachineView) -> Self {
        let mut disks = view.disks.iter();
        let os_disk = disks.next().map(|disk| MachineOsDisk {
            os_type: view.os_type.to_string(),
            disk: MachineDisk::new(disk),
        });
        let data_disks = disks.map(|disk| MachineDataDisk {
            lun: disk.lun.unwrap_or_default(),
            disk: MachineDisk::new(disk),
        });
        let nics = view.network_interfaces.iter();
        let properties = MachineProperties {
            vm_id: view.meta.id,
            provisioning_state: view.provisioning_state.to_string(),
            time_created: view.meta.created_at,
            hardware_profile: HardwareProfile {
                vm_size: view.size.clone(),
            },
            storage_profile: MachineStorage {
                image_reference: view.image.as_ref().map(|id| Reference::to(id.as_str())),
                os_disk,
                data_disks: data_disks.collect(),
            },
            os_profile: MachineOsProfile::new(&view),
            network_profile: NetworkProfile {
                network_interfaces: nics.map(|id| Reference::to(id)).collect(),
            },
            instance_view: None,
        };
        Self {
            resource: Tracked::new(view.meta, "Microsoft.Compute/virtualMachines"),
            properties,
        }
    }
}

impl Machine {
    /// The machine with whether it runs.
    pub(super) fn expanded(view: VirtualMachineView) -> Self {
        let instance_view = InstanceView::new(&view);
        let mut machine = Self::from(view);
        machine.properties.instance_view = Some(instance_view);
        machine
    }
}
