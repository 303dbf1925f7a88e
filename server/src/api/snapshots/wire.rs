use domain::compute::DiskView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::kept::{CreationData, DiskSku};
use crate::api::wire::Tracked;

/// A copy of a disk at one moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Snapshot {
    #[serde(flatten)]
    resource: Tracked,
    sku: DiskSku,
    properties: SnapshotProperties,
}

/// A snapshot's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SnapshotProperties {
    /// `Creating`, `Succeeded`, `Failed` or `Deleting`.
    provisioning_state: String,
    /// Always `Unattached`.
    disk_state: &'static str,
    /// Always `false`: a snapshot is whole.
    incremental: bool,
    /// The virtual size in GiB, rounded up.
    #[serde(rename = "diskSizeGB")]
    disk_size_gb: u64,
    disk_size_bytes: u64,
    /// Bytes that it occupies in its region's store. Vitrine's own.
    occupied_bytes: u64,
    time_created: String,
    unique_id: uuid::Uuid,
    /// `Linux` or `Windows`; absent for a data disk's.
    #[serde(skip_serializing_if = "Option::is_none")]
    os_type: Option<String>,
    /// `V1` or `V2`; absent for a data disk's.
    #[serde(rename = "hyperVGeneration", skip_serializing_if = "Option::is_none")]
    hyper_v_generation: Option<String>,
    creation_data: CreationData,
}

impl From<DiskView> for Snapshot {
    fn from(view: DiskView) -> Self {
        let size = view.sizes.first().copied().unwrap_or_default();
        let properties = SnapshotProperties {
            provisioning_state: view.state.to_string(),
            disk_state: "Unattached",
            incremental: false,
            disk_size_gb: size.gib_ceil(),
            disk_size_bytes: size.bytes(),
            occupied_bytes: view.occupied_bytes,
            time_created: view.meta.created_at.to_rfc3339(),
            unique_id: view.meta.id,
            os_type: view.os_type.map(|os_type| os_type.to_string()),
            hyper_v_generation: view.hyper_v_generation.map(|one| one.to_string()),
            creation_data: CreationData::new(&view.source),
        };
        Self {
            sku: DiskSku::new(view.disk_type),
            resource: Tracked::new(view.meta, "Microsoft.Compute/snapshots"),
            properties,
        }
    }
}
