//! Managed disks, snapshots and managed images: disks that are kept by themselves. Rules A4, A7, A8, A42, A73.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::NAME;
use crate::gallery;
use crate::image::{DiskType, HyperVGeneration, OsState, OsType, VersionState};
use crate::rbac::Action;
use crate::region::Regions;
use crate::resource_id::ResourceId;
use crate::size::DiskSize;
use crate::tenant::Meta;
use crate::violation::{Rule, Violation};
use crate::words::words;

words!(DiskKind {
    Disk,
    Snapshot,
    Image
});

/// What a kept disk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DiskKind {
    /// A disk that a machine can run on.
    Disk,
    /// A copy of a disk at one moment.
    Snapshot,
    /// All disks of a machine, to make versions and machines from.
    Image,
}

impl DiskKind {
    /// What it is called in “… was not found”.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Disk => "The disk",
            Self::Snapshot => "The snapshot",
            Self::Image => "The managed image",
        }
    }

    /// The word in ARM ids.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Disk => "disks",
            Self::Snapshot => "snapshots",
            Self::Image => "images",
        }
    }

    /// The kind that an ARM id names, unless it is something else, such as a definition's `images` in a gallery.
    #[must_use]
    pub fn of(id: &ResourceId) -> Option<Self> {
        let mut words = id.as_str().rsplit('/').skip(1);
        let (word, namespace) = (words.next()?, words.next()?);
        let is_compute = namespace.eq_ignore_ascii_case("Microsoft.Compute");
        let kinds = [Self::Disk, Self::Snapshot, Self::Image];
        let mut kinds = kinds.into_iter().filter(|_| is_compute);
        kinds.find(|kind| kind.word().eq_ignore_ascii_case(word))
    }

    /// The right to see one.
    #[must_use]
    pub const fn read(self) -> Action {
        match self {
            Self::Disk => Action::DiskRead,
            Self::Snapshot => Action::SnapshotRead,
            Self::Image => Action::ManagedImageRead,
        }
    }

    /// The right to make and change one.
    #[must_use]
    pub const fn write(self) -> Action {
        match self {
            Self::Disk => Action::DiskWrite,
            Self::Snapshot => Action::SnapshotWrite,
            Self::Image => Action::ManagedImageWrite,
        }
    }

    /// The right to delete one.
    #[must_use]
    pub const fn delete(self) -> Action {
        match self {
            Self::Disk => Action::DiskDelete,
            Self::Snapshot => Action::SnapshotDelete,
            Self::Image => Action::ManagedImageDelete,
        }
    }
}

/// What a disk, snapshot or managed image was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum DiskSource {
    /// Nothing: it began empty.
    Empty,
    /// A disk or snapshot.
    #[serde(rename_all = "camelCase")]
    Copy { resource_id: String },
    /// A disk of an image version or managed image; none for the OS disk.
    #[serde(rename_all = "camelCase")]
    Image {
        resource_id: String,
        lun: Option<u32>,
    },
    /// A file that was uploaded. Rule A73.
    #[serde(rename_all = "camelCase")]
    Upload { file_name: String },
    /// A machine.
    #[serde(rename_all = "camelCase")]
    VirtualMachine { resource_id: String },
    /// Several of the above, the OS disk's first.
    Several { parts: Vec<DiskSource> },
}

/// Where a new disk's content comes from, as the caller names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum DiskSourceInput {
    /// Nothing: a size is needed.
    Empty,
    /// A disk or snapshot, by ARM id.
    #[serde(rename_all = "camelCase")]
    Copy { resource_id: String },
    /// A disk of an image version or managed image, by its ARM id; the OS disk without a number.
    #[serde(rename_all = "camelCase")]
    Image {
        resource_id: String,
        lun: Option<u32>,
    },
    /// A finished upload. Rule A73.
    Upload { upload: Uuid },
}

/// What a disk or snapshot is created from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskInput {
    /// A region's name.
    pub location: String,
    /// Where its content comes from.
    pub source: DiskSourceInput,
    /// The size of an empty disk; of any other, what the source has.
    pub size_gib: Option<u64>,
    /// Hard disk or flash.
    pub disk_type: DiskType,
    /// The system on it; none for a data disk.
    pub os_type: Option<OsType>,
    /// How the system on it boots.
    pub hyper_v_generation: Option<HyperVGeneration>,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
}

impl DiskInput {
    /// All rules that the new disk breaks by itself. Rule A42.
    #[must_use]
    pub fn check(
        &self,
        name: &str,
        kind: DiskKind,
        regions: &Regions,
        max_bytes: u64,
    ) -> Vec<Violation> {
        let mut found = NAME.check("name", name);
        found.extend(gallery::location(&self.location, regions));
        found.extend(gallery::tags(&self.tags));
        if self.source == DiskSourceInput::Empty {
            if kind == DiskKind::Disk {
                found.extend(check_size("diskSizeGB", self.size_gib, max_bytes));
            } else {
                found.push(Violation::new(Rule::Required, "sourceResourceId"));
            }
        }
        found
    }
}

/// The size of an empty disk. Rule A42.
pub(super) fn check_size(target: &str, gib: Option<u64>, max_bytes: u64) -> Option<Violation> {
    let max = max_bytes >> 30;
    match gib {
        None => Some(Violation::new(Rule::Required, target)),
        Some(gib) if gib == 0 || gib > max => Some(
            Violation::new(Rule::OutOfRange, target)
                .with("min", 1)
                .with("max", max),
        ),
        Some(_) => None,
    }
}

/// Where a managed image's disks come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManagedImageSource {
    /// A generalized machine, by ARM id. Rule A7.
    VirtualMachine { resource_id: String },
    /// Disks, snapshots or uploads, the OS disk first. Rule A73.
    Disks {
        os_type: Option<OsType>,
        os_state: Option<OsState>,
        disks: Vec<DiskSourceInput>,
    },
}

/// What a managed image is created from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedImageInput {
    /// A region's name.
    pub location: String,
    /// Where its disks come from.
    pub source: ManagedImageSource,
    /// How the system boots; as its source, or generation 1.
    pub hyper_v_generation: Option<HyperVGeneration>,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
}

impl ManagedImageInput {
    /// All rules that the new image breaks by itself.
    #[must_use]
    pub fn check(&self, name: &str, regions: &Regions) -> Vec<Violation> {
        let mut found = NAME.check("name", name);
        found.extend(gallery::location(&self.location, regions));
        found.extend(gallery::tags(&self.tags));
        if let ManagedImageSource::Disks {
            os_type,
            os_state,
            disks,
        } = &self.source
        {
            if os_type.is_none() {
                found.push(Violation::new(Rule::Required, "osType"));
            }
            if os_state.is_none() {
                found.push(Violation::new(Rule::Required, "osState"));
            }
            if disks.is_empty() {
                found.push(Violation::new(Rule::Required, "osDisk"));
            }
        }
        found
    }
}

/// A disk, snapshot or managed image as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiskView {
    /// What every resource has.
    #[serde(flatten)]
    pub meta: Meta,
    /// What it is.
    pub kind: DiskKind,
    /// How far it is.
    pub state: VersionState,
    /// The virtual sizes of its disks, the OS disk first.
    pub sizes: Vec<DiskSize>,
    /// Bytes that it occupies.
    pub occupied_bytes: u64,
    /// Hard disk or flash.
    pub disk_type: DiskType,
    /// The system on it; none for a data disk.
    pub os_type: Option<OsType>,
    /// Whether a machine's data is still on it.
    pub os_state: Option<OsState>,
    /// How the system on it boots.
    pub hyper_v_generation: Option<HyperVGeneration>,
    /// What it was made from.
    pub source: DiskSource,
    /// The machine that it is attached to.
    pub managed_by: Option<ResourceId>,
    /// The job that works on it now.
    pub job: Option<Uuid>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(id: &str) -> Option<DiskKind> {
        DiskKind::of(&ResourceId::parse(id).expect("an id"))
    }

    #[test]
    fn an_id_tells_a_managed_image_from_a_definition() {
        let group = "/subscriptions/s/resourceGroups/g/providers/microsoft.compute";
        assert_eq!(kind(&format!("{group}/Images/i")), Some(DiskKind::Image));
        assert_eq!(kind(&format!("{group}/disks/i")), Some(DiskKind::Disk));
        assert_eq!(kind(&format!("{group}/galleries/g/images/i")), None);
        assert_eq!(kind("/subscriptions/s/resourceGroups/images"), None);
    }

    #[test]
    fn rule_a42_no_empty_disk_is_larger_than_the_limit() {
        let check = |gib| check_size("diskSizeGB", gib, 1 << 40).map(|violation| violation.code);
        assert_eq!(check(None), Some(Rule::Required));
        assert_eq!(check(Some(0)), Some(Rule::OutOfRange));
        assert_eq!(check(Some(1)), None);
        assert_eq!(check(Some(1024)), None);
        assert_eq!(check(Some(1025)), Some(Rule::OutOfRange));
    }
}
