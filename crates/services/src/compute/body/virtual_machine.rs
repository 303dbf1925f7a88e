//! The body of a virtual machine.

use std::collections::BTreeMap;

use domain::Problem;
use domain::compute::{DataDiskInput, DataDiskSource, OsDiskInput, OsProfile, VirtualMachineInput};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ReferenceBody, disk_type};
use crate::arm::{Reading, Tags};

/// What a virtual machine is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct VirtualMachineBody {
    /// A region's name.
    location: Option<String>,
    /// Free labels.
    tags: Option<Tags>,
    properties: Option<VirtualMachineBodyProperties>,
}

/// A machine's own matters, as they are written. Only looked at when it is created, but for the size.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VirtualMachineBodyProperties {
    hardware_profile: Option<HardwareBody>,
    storage_profile: Option<StorageProfileBody>,
    /// For a generalized image; leave it out for a specialized one. Rule A32.
    os_profile: Option<OsProfileBody>,
    network_profile: Option<NetworkBody>,
}

/// What the machine runs on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HardwareBody {
    /// One of those that `vmSizes` lists.
    vm_size: Option<String>,
}

/// What the machine is made from.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StorageProfileBody {
    image_reference: Option<MachineImageBody>,
    os_disk: Option<OsDiskBody>,
    data_disks: Option<Vec<DataDiskBody>>,
}

/// The image.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MachineImageBody {
    /// An image version, a definition (then its latest version) or a managed image; also of another organisation.
    id: Option<String>,
    /// Images of a market place: there is none here.
    publisher: Option<String>,
}

/// The OS disk.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OsDiskBody {
    /// The disk's name; one is made up when absent.
    name: Option<String>,
    /// `FromImage`, or `Attach` for a disk that is there already.
    create_option: Option<String>,
    managed_disk: Option<ManagedDiskBody>,
    /// `Delete` when the disk goes with the machine; `Detach` when absent.
    delete_option: Option<String>,
}

/// A data disk.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataDiskBody {
    lun: Option<u32>,
    /// The disk's name; one is made up when absent.
    name: Option<String>,
    /// `Empty`, `FromImage` or `Attach`.
    create_option: Option<String>,
    managed_disk: Option<ManagedDiskBody>,
    /// The size of an empty disk.
    #[serde(rename = "diskSizeGB")]
    disk_size_gb: Option<u64>,
    /// `Delete` when the disk goes with the machine; `Detach` when absent.
    delete_option: Option<String>,
}

/// A disk's resource.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManagedDiskBody {
    /// The disk to attach.
    id: Option<String>,
    /// The kind of a new disk.
    storage_account_type: Option<String>,
}

/// Identity for a generalized image.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OsProfileBody {
    /// The machine's name when absent.
    computer_name: Option<String>,
    admin_username: Option<String>,
    #[schema(format = Password)]
    admin_password: Option<String>,
    linux_configuration: Option<LinuxBody>,
}

impl std::fmt::Debug for OsProfileBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OsProfileBody")
            .field("admin_username", &self.admin_username)
            .finish_non_exhaustive()
    }
}

/// What only Linux has.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinuxBody {
    ssh: Option<SshBody>,
}

/// How the first account signs in from afar.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SshBody {
    public_keys: Option<Vec<SshKeyBody>>,
}

/// A public key.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SshKeyBody {
    /// One line in OpenSSH's form.
    key_data: Option<String>,
}

/// The machine's place in networks.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkBody {
    network_interfaces: Option<Vec<NetworkInterfaceBody>>,
}

/// A network interface.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct NetworkInterfaceBody {
    id: Option<String>,
}

impl VirtualMachineBody {
    /// The wish to create a machine.
    ///
    /// # Errors
    /// Every fault of the body.
    pub fn create(self) -> Result<VirtualMachineInput, Problem> {
        let given = self.properties.unwrap_or_default();
        let storage = given.storage_profile.unwrap_or_default();
        let mut reading = Reading::default();
        let (os_disk, is_attached) = storage.os_disk.unwrap_or_default().read(&mut reading);
        let image = storage.image_reference.unwrap_or_default();
        if image.id.is_none() && image.publisher.is_some() {
            reading.word::<()>(
                "imageReference.publisher",
                image.publisher.as_deref(),
                |_| None,
                "none: name an image by its id",
            );
        }
        let disks = storage.data_disks.unwrap_or_default().into_iter();
        let disks = disks.filter_map(|disk| disk.read(&mut reading)).collect();
        let networks = given.network_profile.unwrap_or_default();
        let networks = networks.network_interfaces.unwrap_or_default();
        reading.done(VirtualMachineInput {
            location: self.location.unwrap_or_default(),
            size: given
                .hardware_profile
                .and_then(|hardware| hardware.vm_size)
                .unwrap_or_default(),
            image: image.id.filter(|_| !is_attached),
            os_disk,
            data_disks: disks,
            os_profile: given.os_profile.map(OsProfile::from),
            network_interfaces: networks.into_iter().filter_map(|nic| nic.id).collect(),
            tags: Tags::given(self.tags).unwrap_or_default(),
        })
    }

    /// The labels that are wanted, when the body bears some.
    pub fn tags(self) -> Option<BTreeMap<String, String>> {
        Tags::given(self.tags)
    }
}

impl OsDiskBody {
    /// The OS disk, and whether it is one that is there already.
    fn read(self, reading: &mut Reading) -> (OsDiskInput, bool) {
        let managed = self.managed_disk.unwrap_or_default();
        let option = self.create_option.as_deref();
        let is_attached = option.is_some_and(|option| option.eq_ignore_ascii_case("Attach"));
        if !is_attached && option.is_some_and(|option| !option.eq_ignore_ascii_case("FromImage")) {
            reading.word::<()>("osDisk.createOption", option, |_| None, "FromImage, Attach");
        }
        let attach = if is_attached {
            let id = ReferenceBody::id(Some(ReferenceBody { id: managed.id }));
            reading.required("osDisk.managedDisk", id)
        } else {
            None
        };
        let kind = managed.storage_account_type;
        let input = OsDiskInput {
            name: self.name.unwrap_or_default(),
            disk_type: disk_type(reading, "storageAccountType", kind.as_deref()),
            delete_with_machine: goes(reading, self.delete_option.as_deref()),
            attach,
        };
        (input, is_attached)
    }
}

impl DataDiskBody {
    fn read(self, reading: &mut Reading) -> Option<DataDiskInput> {
        let managed = self.managed_disk.unwrap_or_default();
        let option = self.create_option.unwrap_or_default().to_lowercase();
        let source = match option.as_str() {
            "empty" => Some(DataDiskSource::Empty {
                size_gib: self.disk_size_gb,
            }),
            "fromimage" => Some(DataDiskSource::FromImage),
            "attach" => reading
                .required("dataDisks.managedDisk", managed.id)
                .map(|resource_id| DataDiskSource::Attach { resource_id }),
            other => reading.word(
                "dataDisks.createOption",
                Some(other),
                |_| None,
                "Empty, FromImage, Attach",
            ),
        };
        let kind = managed.storage_account_type;
        Some(DataDiskInput {
            lun: reading.required("dataDisks.lun", self.lun)?,
            name: self.name.unwrap_or_default(),
            source: source?,
            disk_type: disk_type(reading, "storageAccountType", kind.as_deref()),
            delete_with_machine: goes(reading, self.delete_option.as_deref()),
        })
    }
}

/// Whether a disk goes with its machine.
fn goes(reading: &mut Reading, option: Option<&str>) -> bool {
    let parse = |text: &str| match text.to_lowercase().as_str() {
        "delete" => Some(true),
        "detach" => Some(false),
        _ => None,
    };
    reading
        .word("deleteOption", option, parse, "Delete, Detach")
        .unwrap_or_default()
}

impl From<OsProfileBody> for OsProfile {
    fn from(body: OsProfileBody) -> Self {
        let ssh = body.linux_configuration.and_then(|linux| linux.ssh);
        let keys = ssh.and_then(|ssh| ssh.public_keys).unwrap_or_default();
        let keys = keys.into_iter().filter_map(|key| key.key_data);
        Self {
            computer_name: body.computer_name.unwrap_or_default(),
            user_name: body.admin_username.unwrap_or_default(),
            password: body.admin_password.unwrap_or_default(),
            ssh_keys: keys.map(|key| key.trim().to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Rule;
    use domain::image::DiskType;
    use serde_json::json;

    use super::*;

    fn read(body: serde_json::Value) -> Result<VirtualMachineInput, Problem> {
        serde_json::from_value::<VirtualMachineBody>(body)
            .expect("a body")
            .create()
    }

    #[test]
    fn the_body_of_the_command_line_becomes_a_machine() {
        let input = read(json!({
            "location": "westeurope", "tags": {},
            "properties": {
                "hardwareProfile": {"vmSize": "Small"},
                "networkProfile": {"networkInterfaces": [{"id": "nic", "properties": {"deleteOption": null}}]},
                "storageProfile": {
                    "osDisk": {
                        "createOption": "fromImage", "name": null, "caching": "ReadWrite",
                        "managedDisk": {"storageAccountType": null}
                    },
                    "imageReference": {"id": "image"}
                },
                "osProfile": {
                    "computerName": "vm", "adminUsername": "ada", "adminPassword": "Correct-horse-1",
                    "linuxConfiguration": {"ssh": {"publicKeys": [{"keyData": "ssh-rsa AAAA ada\n", "path": "x"}]}}
                }
            }
        }));
        let input = input.expect("an input");
        assert_eq!(input.image.as_deref(), Some("image"));
        assert_eq!(input.os_disk, OsDiskInput::default());
        assert_eq!(input.network_interfaces, ["nic"]);
        let profile = input.os_profile.expect("a profile");
        assert_eq!(profile.ssh_keys, ["ssh-rsa AAAA ada"]);
    }

    #[test]
    fn disks_are_attached_made_empty_or_taken_from_the_image() {
        let input = read(json!({"properties": {"storageProfile": {
            "osDisk": {"createOption": "Attach", "managedDisk": {"id": "os"}, "deleteOption": "Delete"},
            "dataDisks": [
                {"lun": 0, "createOption": "Empty", "diskSizeGB": 4, "managedDisk": {"storageAccountType": "Premium_LRS"}},
                {"lun": 1, "createOption": "Attach", "managedDisk": {"id": "data"}}
            ]
        }}}));
        let input = input.expect("an input");
        assert_eq!(input.os_disk.attach.as_deref(), Some("os"));
        assert!(input.os_disk.delete_with_machine);
        assert_eq!(input.data_disks[0].disk_type, Some(DiskType::Premium));
        assert_eq!(
            input.data_disks[1].source,
            DataDiskSource::Attach {
                resource_id: "data".to_owned()
            }
        );
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        let problem = read(json!({"properties": {"storageProfile": {
            "imageReference": {"publisher": "Canonical"},
            "osDisk": {"createOption": "Empty", "deleteOption": "Burn"}
        }}}));
        let problem = problem.expect_err("refused");
        let found: Vec<_> = problem
            .details
            .iter()
            .map(|v| (v.code, v.target.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (Rule::UnknownChoice, "osDisk.createOption"),
                (Rule::UnknownChoice, "deleteOption"),
                (Rule::UnknownChoice, "imageReference.publisher")
            ]
        );
    }

    #[test]
    fn a_body_never_shows_its_password() {
        let body = json!({"properties": {"osProfile": {"adminPassword": "Correct-horse-1"}}});
        let body: VirtualMachineBody = serde_json::from_value(body).expect("a body");
        assert!(!format!("{body:?}").contains("horse"));
    }
}
