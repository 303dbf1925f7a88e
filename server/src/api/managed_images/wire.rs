use domain::DiskSize;
use domain::compute::{DiskSource, DiskView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::kept::Reference;
use crate::api::wire::Tracked;

/// All disks of a machine, to make versions and machines from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedImage {
    #[serde(flatten)]
    resource: Tracked,
    properties: ManagedImageProperties,
}

/// A managed image's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManagedImageProperties {
    /// `Creating`, `Succeeded`, `Failed` or `Deleting`.
    provisioning_state: String,
    /// The machine that it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_virtual_machine: Option<Reference>,
    /// `V1` or `V2`.
    #[serde(rename = "hyperVGeneration")]
    hyper_v_generation: String,
    storage_profile: ManagedImageStorage,
    /// Bytes that it occupies in its region's store. Vitrine's own.
    occupied_bytes: u64,
}

/// The disks of a managed image.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManagedImageStorage {
    os_disk: ManagedImageOsDisk,
    data_disks: Vec<ManagedImageDataDisk>,
}

/// The OS disk.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManagedImageOsDisk {
    /// `Linux` or `Windows`.
    os_type: String,
    /// `Generalized` or `Specialized`.
    os_state: String,
    #[serde(flatten)]
    disk: ImageDisk,
}

/// A data disk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedImageDataDisk {
    lun: u32,
    #[serde(flatten)]
    disk: ImageDisk,
}

/// A disk of a managed image: its size and its source.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageDisk {
    /// The virtual size in GiB, rounded up.
    #[serde(rename = "diskSizeGB")]
    disk_size_gb: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_disk: Option<Reference>,
}

impl ImageDisk {
    fn new(size: DiskSize, source: Option<&DiskSource>) -> Self {
        let copied = match source {
            Some(DiskSource::Copy { resource_id }) => Some(resource_id.as_str()),
            _ => None,
        };
        let is_snapshot = copied.is_some_and(|id| id.to_lowercase().contains("/snapshots/"));
        Self {
            disk_size_gb: size.gib_ceil(),
            snapshot: copied.filter(|_| is_snapshot).map(Reference::to),
            managed_disk: copied.filter(|_| !is_snapshot).map(Reference::to),
        }
    }
}

impl From<DiskView> for ManagedImage {
    fn from(view: DiskView) -> Self {
        let (machine, parts) = match &view.source {
            DiskSource::VirtualMachine { resource_id } => (Some(resource_id.as_str()), &[][..]),
            DiskSource::Several { parts } => (None, parts.as_slice()),
            one => (None, std::slice::from_ref(one)),
        };
        let mut disks = view
            .sizes
            .iter()
            .enumerate()
            .map(|(number, size)| ImageDisk::new(*size, parts.get(number)));
        let os_disk = disks
            .next()
            .unwrap_or_else(|| ImageDisk::new(DiskSize::default(), parts.first()));
        let text = |word: Option<String>| word.unwrap_or_default();
        let properties = ManagedImageProperties {
            provisioning_state: view.state.to_string(),
            source_virtual_machine: machine.map(Reference::to),
            hyper_v_generation: view.hyper_v_generation.unwrap_or_default().to_string(),
            storage_profile: ManagedImageStorage {
                os_disk: ManagedImageOsDisk {
                    os_type: text(view.os_type.map(|os_type| os_type.to_string())),
                    os_state: text(view.os_state.map(|os_state| os_state.to_string())),
                    disk: os_disk,
                },
                data_disks: (0..)
                    .zip(disks)
                    .map(|(lun, disk)| ManagedImageDataDisk { lun, disk })
                    .collect(),
            },
            occupied_bytes: view.occupied_bytes,
        };
        Self {
            resource: Tracked::new(view.meta, "Microsoft.Compute/images"),
            properties,
        }
    }
}
