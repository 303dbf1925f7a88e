//! Virtual machines: made from an image or a disk of the caller's own, and running until they are stopped. Rules A5, A23,
//! A30-A36, A57.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::NAME;
use super::disk::check_size;
use crate::gallery;
use crate::image::{DiskType, HyperVGeneration, OsState, OsType};
use crate::lab::{MachineSize, ProvisioningState};
use crate::machine::MachineState;
use crate::name;
use crate::region::Regions;
use crate::resource_id::ResourceId;
use crate::size::DiskSize;
use crate::tenant::Meta;
use crate::violation::{Rule, Violation};

/// Most data disks of one machine.
const DATA_DISKS: usize = 15;
/// Most keys of one account.
const SSH_KEYS: usize = 20;
/// The longest key, in bytes.
const SSH_KEY_BYTES: usize = 4096;

/// Identity for a machine of a generalized image. Rules A32, A36.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct OsProfile {
    /// The name that the machine calls itself; the resource's own when empty.
    pub computer_name: String,
    /// The first account.
    pub user_name: String,
    /// Its password; empty when keys alone open it. Never stored as it is, never shown again.
    pub password: String,
    /// OpenSSH public keys.
    pub ssh_keys: Vec<String>,
}

impl std::fmt::Debug for OsProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OsProfile")
            .field("computer_name", &self.computer_name)
            .field("user_name", &self.user_name)
            .field("ssh_keys", &self.ssh_keys.len())
            .finish_non_exhaustive()
    }
}

impl OsProfile {
    fn check(&self) -> Vec<Violation> {
        let mut found = name::account("osProfile.adminUsername", &self.user_name);
        if !self.computer_name.is_empty()
            && name::computer_name(&self.computer_name) != self.computer_name.to_lowercase()
        {
            found.push(
                Violation::new(Rule::BadCharacters, "osProfile.computerName")
                    .with("allowed", "up to 15 letters, digits and hyphens"),
            );
        }
        if !self.password.is_empty() || self.ssh_keys.is_empty() {
            found.extend(name::password("osProfile.adminPassword", &self.password));
        }
        if self.ssh_keys.len() > SSH_KEYS || !self.ssh_keys.iter().all(|key| is_ssh_key(key)) {
            found.push(
                Violation::new(Rule::BadCharacters, "osProfile.linuxConfiguration")
                    .with("allowed", "public keys as in “ssh-ed25519 AAAA… name”"),
            );
        }
        found
    }
}

/// One line in OpenSSH's form: a kind, the key in base 64, and perhaps a name.
fn is_ssh_key(key: &str) -> bool {
    let key = key.trim();
    let mut words = key.split(' ');
    let kind = words.next().unwrap_or_default();
    let body = words.next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " +/=@-_.:,".contains(c);
    (kind.starts_with("ssh-") || kind.starts_with("ecdsa-") || kind.starts_with("sk-"))
        && !body.is_empty()
        && key.len() <= SSH_KEY_BYTES
        && key.chars().all(is_plain)
}

/// The OS disk that a new machine gets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OsDiskInput {
    /// Its resource's name; made of the machine's when empty.
    pub name: String,
    /// Hard disk or flash; flash when absent.
    pub disk_type: Option<DiskType>,
    /// Whether it goes with the machine.
    pub delete_with_machine: bool,
    /// A disk that is there already, by ARM id, instead of an image. Rule A74.
    pub attach: Option<String>,
}

/// Where a data disk comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataDiskSource {
    /// Nothing: this many GiB.
    Empty { size_gib: Option<u64> },
    /// The disk of this number in the image.
    FromImage,
    /// A disk that is there already, by ARM id.
    Attach { resource_id: String },
}

/// A data disk of a new machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDiskInput {
    /// Its number at the machine.
    pub lun: u32,
    /// Its resource's name; made of the machine's when empty.
    pub name: String,
    /// Where it comes from.
    pub source: DataDiskSource,
    /// Hard disk or flash; flash when absent.
    pub disk_type: Option<DiskType>,
    /// Whether it goes with the machine.
    pub delete_with_machine: bool,
}

/// What a virtual machine is created from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VirtualMachineInput {
    /// A region's name.
    pub location: String,
    /// A machine size's name, in whatever case.
    pub size: String,
    /// An image version, a definition (then its latest version) or a managed image, by ARM id; none for a disk.
    pub image: Option<String>,
    /// The OS disk.
    pub os_disk: OsDiskInput,
    /// Data disks; those of the image come along without being named. Rule A4.
    pub data_disks: Vec<DataDiskInput>,
    /// For a generalized image alone. Rule A32.
    pub os_profile: Option<OsProfile>,
    /// Network interfaces by ARM id, kept as they are given.
    pub network_interfaces: Vec<String>,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
}

/// What a machine is to be made from, as far as rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineImage {
    /// Rule A13; a disk that is attached is specialized.
    pub os_state: OsState,
    /// Rule A14.
    pub os_type: OsType,
    /// Rule A15.
    pub hyper_v_generation: HyperVGeneration,
    /// Rule A23.
    pub disallowed_disk_types: BTreeSet<DiskType>,
    /// Data disks that come along. Rule A4.
    pub data_disks: u32,
}

impl VirtualMachineInput {
    /// All rules that the new machine breaks by itself.
    #[must_use]
    pub fn check(
        &self,
        name: &str,
        sizes: &[MachineSize],
        regions: &Regions,
        max_bytes: u64,
    ) -> Vec<Violation> {
        let mut found = NAME.check("name", name);
        found.extend(gallery::location(&self.location, regions));
        found.extend(gallery::tags(&self.tags));
        found.extend(super::size("hardwareProfile.vmSize", &self.size, sizes).err());
        if self.image.is_some() == self.os_disk.attach.is_some() {
            found.push(Violation::new(
                Rule::Required,
                "storageProfile.imageReference",
            ));
        }
        let own_names = std::iter::once(&self.os_disk.name);
        let own_names = own_names.chain(self.data_disks.iter().map(|disk| &disk.name));
        for name in own_names.filter(|name| !name.is_empty()) {
            found.extend(NAME.check("storageProfile.name", name));
        }
        let luns: BTreeSet<u32> = self.data_disks.iter().map(|disk| disk.lun).collect();
        if luns.len() < self.data_disks.len() || self.data_disks.len() > DATA_DISKS {
            found.push(
                Violation::new(Rule::OutOfRange, "storageProfile.dataDisks")
                    .with("min", 0)
                    .with("max", format!("{DATA_DISKS}, each with a lun of its own")),
            );
        }
        for disk in &self.data_disks {
            if let DataDiskSource::Empty { size_gib } = disk.source {
                let target = "storageProfile.dataDisks.diskSizeGB";
                found.extend(check_size(target, size_gib, max_bytes));
            }
        }
        found
    }

    /// All rules that the new machine breaks with its image. Rules A23, A32, A36.
    #[must_use]
    pub fn check_image(&self, image: &MachineImage) -> Vec<Violation> {
        let mut found = match (&self.os_profile, image.os_state) {
            (Some(profile), OsState::Generalized) => profile.check(),
            (None, OsState::Generalized) => {
                vec![Violation::new(Rule::OsProfileMissing, "osProfile")]
            }
            (Some(_), OsState::Specialized) => {
                vec![Violation::new(Rule::OsProfileNotAllowed, "osProfile")]
            }
            (None, OsState::Specialized) => Vec::new(),
        };
        let chosen = self.os_disk.disk_type.into_iter();
        let chosen = chosen.chain(self.data_disks.iter().filter_map(|disk| disk.disk_type));
        for disk_type in chosen.collect::<BTreeSet<_>>() {
            if image.disallowed_disk_types.contains(&disk_type) {
                found.push(
                    Violation::new(Rule::DiskTypeNotAllowed, "storageAccountType")
                        .with("value", disk_type),
                );
            }
        }
        let from_image = |disk: &&DataDiskInput| disk.source == DataDiskSource::FromImage;
        if let Some(disk) = self.data_disks.iter().find(from_image)
            && disk.lun >= image.data_disks
        {
            found.push(
                Violation::new(Rule::UnknownChoice, "storageProfile.dataDisks.lun")
                    .with("value", disk.lun)
                    .with(
                        "allowed",
                        format!("the image's {} data disks", image.data_disks),
                    ),
            );
        }
        found
    }

    /// The disk type of the OS disk, where the image leaves the choice. Rule A23.
    #[must_use]
    pub fn os_disk_type(&self, image: &MachineImage) -> DiskType {
        let usual = [DiskType::Premium, DiskType::StandardSsd];
        let mut usual = usual.into_iter().chain(DiskType::ALL);
        let allowed = usual.find(|kind| !image.disallowed_disk_types.contains(kind));
        self.os_disk
            .disk_type
            .or(allowed)
            .unwrap_or(DiskType::Premium)
    }
}

/// A disk at a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachedDisk {
    /// Its resource.
    pub resource_id: ResourceId,
    /// The virtual size.
    pub size: DiskSize,
    /// Hard disk or flash.
    pub disk_type: DiskType,
    /// Its number at the machine; none for the OS disk.
    pub lun: Option<u32>,
    /// How it came to the machine: `FromImage`, `Attach` or `Empty`.
    pub create_option: String,
    /// Whether it goes with the machine.
    pub delete_with_machine: bool,
}

/// A virtual machine as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualMachineView {
    /// What every resource has. The key is the machine's, too.
    #[serde(flatten)]
    pub meta: Meta,
    /// How far the resource is.
    pub provisioning_state: ProvisioningState,
    /// What the machine does now.
    pub state: MachineState,
    /// Whether its size is given back while it is off.
    pub deallocated: bool,
    /// Machine data was removed: it never starts again. Rule A31.
    pub generalized: bool,
    /// Why it failed or stopped, for a person.
    pub problem: Option<String>,
    /// Its size's name.
    pub size: String,
    /// The version or managed image that it was made from.
    pub image: Option<ResourceId>,
    /// Rule A14.
    pub os_type: OsType,
    /// Rule A13.
    pub os_state: OsState,
    /// Rule A15.
    pub hyper_v_generation: HyperVGeneration,
    /// Its disks, the OS disk first.
    pub disks: Vec<AttachedDisk>,
    /// The name it calls itself; none for a specialized image, which keeps its own. Rule A35.
    pub computer_name: Option<String>,
    /// Its first account; none for a specialized image, which keeps its own. Rule A34.
    pub user_name: Option<String>,
    /// Whether that account has a password.
    pub has_password: bool,
    /// That account's public keys.
    pub ssh_keys: Vec<String>,
    /// Network interfaces, as they were given.
    pub network_interfaces: Vec<String>,
    /// The job that works on it now.
    pub job: Option<Uuid>,
}

/// The word for a machine's power in REST: the code, and the words beside it.
pub type PowerCode = (&'static str, &'static str);

impl VirtualMachineView {
    /// The machine's power as REST names it.
    #[must_use]
    pub fn power(&self) -> PowerCode {
        match self.state {
            MachineState::Running => ("PowerState/running", "VM running"),
            MachineState::Starting => ("PowerState/starting", "VM starting"),
            MachineState::Stopping => ("PowerState/stopping", "VM stopping"),
            _ if self.deallocated => ("PowerState/deallocated", "VM deallocated"),
            _ => ("PowerState/stopped", "VM stopped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(os_state: OsState) -> MachineImage {
        MachineImage {
            os_state,
            os_type: OsType::Linux,
            hyper_v_generation: HyperVGeneration::V1,
            disallowed_disk_types: BTreeSet::from([DiskType::StandardHdd]),
            data_disks: 1,
        }
    }

    fn codes(input: &VirtualMachineInput, os_state: OsState) -> Vec<Rule> {
        let found = input.check_image(&image(os_state));
        found.iter().map(|violation| violation.code).collect()
    }

    fn profile() -> OsProfile {
        OsProfile {
            user_name: "ada".to_owned(),
            password: "Correct-horse-1".to_owned(),
            ..OsProfile::default()
        }
    }

    #[test]
    fn rule_a32_a_profile_is_for_generalized_images_and_needed_there() {
        let with = VirtualMachineInput {
            os_profile: Some(profile()),
            ..VirtualMachineInput::default()
        };
        let without = VirtualMachineInput::default();
        assert_eq!(codes(&with, OsState::Generalized), []);
        assert_eq!(
            codes(&without, OsState::Generalized),
            [Rule::OsProfileMissing]
        );
        assert_eq!(
            codes(&with, OsState::Specialized),
            [Rule::OsProfileNotAllowed]
        );
        assert_eq!(codes(&without, OsState::Specialized), []);
    }

    #[test]
    fn an_account_opens_with_a_password_or_with_keys() {
        let check = |password: &str, keys: &[&str]| {
            let profile = OsProfile {
                password: password.to_owned(),
                ssh_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
                ..profile()
            };
            let found = profile.check();
            found.into_iter().map(|v| v.code).collect::<Vec<_>>()
        };
        assert_eq!(check("", &["ssh-ed25519 AAAAC3Nz ada@school"]), []);
        assert_eq!(check("", &[]), [Rule::Required]);
        assert_eq!(check("short", &[]), [Rule::WeakPassword]);
        for bad in [
            "AAAAC3Nz",
            "ssh-rsa",
            "ssh-rsa AAAA\nroot: x",
            "ssh-rsa AA\"A",
        ] {
            assert_eq!(check("", &[bad]), [Rule::BadCharacters], "{bad:?}");
        }
    }

    #[test]
    fn rule_a23_a_disk_type_that_the_image_rules_out_is_refused() {
        let mut input = VirtualMachineInput {
            os_profile: Some(profile()),
            ..VirtualMachineInput::default()
        };
        assert_eq!(
            input.os_disk_type(&image(OsState::Generalized)),
            DiskType::Premium
        );
        input.os_disk.disk_type = Some(DiskType::StandardHdd);
        assert_eq!(
            codes(&input, OsState::Generalized),
            [Rule::DiskTypeNotAllowed]
        );
    }

    #[test]
    fn a_machine_is_made_from_an_image_or_a_disk_and_not_both() {
        let check = |image: Option<&str>, attach: Option<&str>| {
            let input = VirtualMachineInput {
                image: image.map(str::to_owned),
                os_disk: OsDiskInput {
                    attach: attach.map(str::to_owned),
                    ..OsDiskInput::default()
                },
                ..VirtualMachineInput::default()
            };
            let found = input.check("vm", &[], &Regions::default(), 1 << 40);
            let target = "storageProfile.imageReference";
            found.iter().any(|violation| violation.target == target)
        };
        assert!(check(None, None) && check(Some("i"), Some("d")));
        assert!(!check(Some("i"), None) && !check(None, Some("d")));
    }

    #[test]
    fn a_password_is_hidden_from_logs() {
        assert!(!format!("{:?}", profile()).contains("horse"));
    }
}
