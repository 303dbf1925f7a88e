use domain::image::{
    RegionStatus, ReplicaState, StorageType, VersionSource, VersionState, VersionView,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::error::ErrorDetail;
use crate::api::wire::Tracked;

/// An image version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    #[serde(flatten)]
    resource: Tracked,
    properties: VersionProperties,
}

/// An image version's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionProperties {
    /// `Creating`, `Updating`, `Succeeded`, `Failed` or `Deleting`.
    provisioning_state: String,
    publishing_profile: PublishingProfile,
    storage_profile: StorageProfile,
    /// Why no lab can use the version; empty when one can. Rules B2, B3.
    lab_barriers: Vec<ErrorDetail>,
    /// Only with `$expand=ReplicationStatus`. Rule A54.
    #[serde(skip_serializing_if = "Option::is_none")]
    replication_status: Option<ReplicationStatus>,
}

/// Where the version is kept and whether `latest` finds it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishingProfile {
    target_regions: Vec<Target>,
    /// Copies in a region that names no number of its own.
    replica_count: u32,
    /// The kind of store of the source region's copies. Rule A50.
    storage_account_type: &'static str,
    /// Always `Full`: a version is copied as a whole.
    replication_mode: &'static str,
    /// Rule A28.
    exclude_from_latest: bool,
    published_date: String,
    /// Rule A29.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_of_life_date: Option<String>,
}

/// A region and how many copies it keeps. Rule A46.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Target {
    name: String,
    regional_replica_count: u32,
    /// `Standard_LRS`, `Premium_LRS` or `Standard_ZRS`. Rule A50.
    storage_account_type: &'static str,
}

/// The disks and where they came from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StorageProfile {
    source: Source,
    os_disk_image: DiskImage,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    data_disk_images: Vec<DataDiskImage>,
}

/// What the version was made from; empty for uploaded files.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Source {
    /// A version that it was copied from.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// A template VM that it was exported from.
    #[serde(skip_serializing_if = "Option::is_none")]
    virtual_machine_id: Option<String>,
}

/// The OS disk.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiskImage {
    /// The virtual size in GiB, rounded up.
    #[serde(rename = "sizeInGB")]
    size_in_gb: u64,
    /// The virtual size in bytes, which the 128 GiB rule looks at. Rule B2.
    size_in_bytes: u64,
    /// Bytes that one copy occupies, which is what costs. Rule A64.
    occupied_bytes: u64,
    /// SHA-256 of a copy in hex, once it is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    checksum: String,
}

/// A data disk.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DataDiskImage {
    lun: u32,
}

/// How far the copies are. Rule A54.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReplicationStatus {
    /// `Unknown`, `InProgress`, `Completed` or `Failed`.
    aggregated_state: &'static str,
    summary: Vec<RegionalStatus>,
}

/// How far the copies of one region are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegionalStatus {
    region: String,
    /// `Unknown`, `Replicating`, `Completed` or `Failed`.
    state: &'static str,
    /// 0 to 100.
    progress: u8,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<String>,
}

fn time(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

impl From<VersionView> for Version {
    fn from(view: VersionView) -> Self {
        let source = match view.source {
            VersionSource::Upload { .. } => Source::default(),
            VersionSource::TemplateVm { resource_id, .. }
            | VersionSource::VirtualMachine { resource_id } => Source {
                virtual_machine_id: Some(resource_id),
                ..Source::default()
            },
            VersionSource::Disks { .. } => Source::default(),
            VersionSource::Version { resource_id, .. }
            | VersionSource::ManagedImage { resource_id } => Source {
                id: Some(resource_id),
                ..Source::default()
            },
        };
        let source_region = view
            .regions
            .iter()
            .find(|status| status.region == view.meta.location);
        let usual = source_region.map_or(StorageType::Standard, |status| status.storage);
        let properties = VersionProperties {
            provisioning_state: view.state.to_string(),
            publishing_profile: PublishingProfile {
                target_regions: view.regions.iter().map(Target::from).collect(),
                replica_count: view.regions.first().map_or(1, |region| region.replicas),
                storage_account_type: usual.as_str(),
                replication_mode: "Full",
                exclude_from_latest: view.exclude_from_latest,
                published_date: time(view.meta.created_at),
                end_of_life_date: view.end_of_life.map(time),
            },
            storage_profile: StorageProfile {
                source,
                os_disk_image: DiskImage {
                    size_in_gb: view.os_disk.gib_ceil(),
                    size_in_bytes: view.os_disk.bytes(),
                    occupied_bytes: view.occupied_bytes,
                    checksum: view.checksum,
                },
                data_disk_images: (0..view.disk_count.saturating_sub(1))
                    .map(|lun| DataDiskImage { lun })
                    .collect(),
            },
            lab_barriers: view.lab_barriers.iter().map(ErrorDetail::from).collect(),
            replication_status: None,
        };
        Self {
            resource: Tracked::new(view.meta, "Microsoft.Compute/galleries/images/versions"),
            properties,
        }
    }
}

impl From<&RegionStatus> for Target {
    fn from(status: &RegionStatus) -> Self {
        Self {
            name: status.region.clone(),
            regional_replica_count: status.replicas,
            storage_account_type: status.storage.as_str(),
        }
    }
}

impl Version {
    /// The version with the progress of its copies.
    pub(super) fn expanded(view: VersionView) -> Self {
        let status = ReplicationStatus::new(view.state, &view.regions);
        let mut version = Self::from(view);
        version.properties.replication_status = Some(status);
        version
    }
}

impl ReplicationStatus {
    fn new(version: VersionState, regions: &[RegionStatus]) -> Self {
        let any = |state| regions.iter().any(|region| region.state == state);
        let aggregated_state = if version == VersionState::Failed || any(ReplicaState::Failed) {
            "Failed"
        } else if !regions.is_empty()
            && regions
                .iter()
                .all(|region| region.state == ReplicaState::Ready)
        {
            "Completed"
        } else if regions.is_empty() {
            "Unknown"
        } else {
            "InProgress"
        };
        Self {
            aggregated_state,
            summary: regions.iter().map(RegionalStatus::from).collect(),
        }
    }
}

impl From<&RegionStatus> for RegionalStatus {
    fn from(status: &RegionStatus) -> Self {
        Self {
            region: status.region.clone(),
            state: match status.state {
                ReplicaState::Pending => "Unknown",
                ReplicaState::Replicating | ReplicaState::Verifying => "Replicating",
                ReplicaState::Ready => "Completed",
                ReplicaState::Failed => "Failed",
            },
            progress: status.percent,
            details: status.detail.clone(),
        }
    }
}
