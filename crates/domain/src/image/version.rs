//! Image versions as they are made, changed and shown. Rules A25-A29, A68.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DiskType, OsState, OsType, PurchasePlan, RegionStatus, TargetRegion};
use crate::export::lab_barriers;
use crate::size::DiskSize;
use crate::tenant::Meta;
use crate::version::ImageVersion;
use crate::violation::Violation;
use crate::words::words;

/// How far a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum VersionState {
    Creating,
    Updating,
    Succeeded,
    Failed,
    Deleting,
}

words!(VersionState {
    Creating,
    Updating,
    Succeeded,
    Failed,
    Deleting
});

/// Where a version came from. Rules A7, A8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum VersionSource {
    /// A finished upload.
    Upload { upload: Uuid, file_name: String },
    /// A lab's template VM.
    #[serde(rename_all = "camelCase")]
    TemplateVm {
        lab: Uuid,
        machine: Uuid,
        resource_id: String,
    },
    /// A version of this or another gallery.
    #[serde(rename_all = "camelCase")]
    Version { version: Uuid, resource_id: String },
    /// A virtual machine.
    #[serde(rename_all = "camelCase")]
    VirtualMachine { resource_id: String },
    /// A managed image.
    #[serde(rename_all = "camelCase")]
    ManagedImage { resource_id: String },
    /// A disk or snapshot with the system on it, and those of data disks.
    #[serde(rename_all = "camelCase")]
    Disks {
        resource_id: String,
        data_disks: Vec<String>,
    },
}

impl VersionSource {
    /// Whether this is what an ARM id names, whatever its case. Rule A68.
    #[must_use]
    pub fn is_named(&self, id: &str) -> bool {
        match self {
            Self::Upload { upload, .. } => id
                .rsplit('/')
                .next()
                .is_some_and(|name| name.parse() == Ok(*upload)),
            Self::TemplateVm { resource_id, .. }
            | Self::Version { resource_id, .. }
            | Self::VirtualMachine { resource_id }
            | Self::ManagedImage { resource_id }
            | Self::Disks { resource_id, .. } => resource_id.eq_ignore_ascii_case(id),
        }
    }
}

/// An image version as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    /// What every resource has.
    #[serde(flatten)]
    pub meta: Meta,
    /// The definition that it belongs to.
    pub image: Uuid,
    /// That definition's name.
    pub image_name: String,
    /// The gallery that holds it.
    pub gallery: Uuid,
    /// That gallery's name.
    pub gallery_name: String,
    /// The number. Rule A26.
    pub version: ImageVersion,
    /// How far it is.
    pub state: VersionState,
    /// From the definition. Rule A13.
    pub os_state: OsState,
    /// From the definition. Rule A14.
    pub os_type: OsType,
    /// From the definition: what a machine made of the version must not have. Rule A23.
    pub disallowed_disk_types: BTreeSet<DiskType>,
    /// From the definition: what a machine made of the version is bought under. Rule A24.
    pub purchase_plan: Option<PurchasePlan>,
    /// Kept out of `latest`. Rule A28.
    pub exclude_from_latest: bool,
    /// After this no machine can be created from it. Rules A29, E.
    pub end_of_life: Option<DateTime<Utc>>,
    /// The OS disk's virtual size, which the 128 GiB rule looks at.
    pub os_disk: DiskSize,
    /// Bytes that one replica occupies, which is what costs. Rule A64.
    pub occupied_bytes: u64,
    /// Disks of the image, the OS disk included. Rule B3.
    pub disk_count: u32,
    /// SHA-256 of the OS disk's replica, in hex; empty until it is known.
    pub checksum: String,
    /// Where it came from.
    pub source: VersionSource,
    /// Its copies, region by region. Rule A54.
    pub regions: Vec<RegionStatus>,
    /// The job that works on it now.
    pub job: Option<Uuid>,
    /// Why no lab can use it, or nothing. Rules B2, B3, E.
    pub lab_barriers: Vec<Violation>,
    /// When it was deleted and until when it can be restored; only of one that was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Deleted>,
}

/// A version that was deleted and can be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deleted {
    /// When it was deleted.
    pub at: DateTime<Utc>,
    /// When its copies are removed for good.
    pub purge_at: DateTime<Utc>,
}

impl VersionView {
    /// Why no lab can use this version. Rules B2, B3.
    #[must_use]
    pub fn barriers(os_disk: DiskSize, disk_count: u32) -> Vec<Violation> {
        lab_barriers(os_disk, disk_count)
    }
}

/// What of a version can be changed. Rule A68.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VersionUpdate {
    /// Keeps it out of `latest`, or lets it back in.
    pub exclude_from_latest: Option<bool>,
    /// `Some(None)` takes the date away.
    pub end_of_life: Option<Option<DateTime<Utc>>>,
    /// The regions and counts that are wanted from now on.
    pub targets: Option<Vec<TargetRegion>>,
    /// Free labels.
    pub tags: Option<BTreeMap<String, String>>,
    /// Where the caller takes the version to have been made; refused when it was made elsewhere.
    pub location: Option<String>,
    /// What the caller takes the version to be made from, by ARM id; refused when it was made from something else.
    pub source: Option<String>,
}

/// What a version is created from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionInput {
    /// The source region, in which the version is made. Rule A80.
    pub location: String,
    /// Where its disks come from.
    pub source: VersionSourceInput,
    /// Empty means the source region alone. Rule E.
    pub targets: Vec<TargetRegion>,
    /// Rule A28.
    pub exclude_from_latest: bool,
    /// Rule A29.
    pub end_of_life: Option<DateTime<Utc>>,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
}

/// Where the disks of a new version come from, as the caller names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum VersionSourceInput {
    /// Finished uploads: the OS disk, then data disks.
    Uploads { uploads: Vec<Uuid> },
    /// A lab's template VM or a virtual machine, by ARM id.
    #[serde(rename_all = "camelCase")]
    VirtualMachine { resource_id: String },
    /// A managed image, by ARM id.
    #[serde(rename_all = "camelCase")]
    ManagedImage { resource_id: String },
    /// Disks or snapshots, by ARM id: the one with the system, then data disks. Rules A7, A8.
    #[serde(rename_all = "camelCase")]
    Disks {
        os_disk: String,
        data_disks: Vec<String>,
    },
    /// Another version, by ARM id.
    #[serde(rename_all = "camelCase")]
    Version { resource_id: String },
}
