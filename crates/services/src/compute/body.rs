//! What machines, disks, snapshots and managed images are written with, as REST and deployments send it.

mod disk;
mod image;
mod virtual_machine;

use domain::compute::DiskSourceInput;
use domain::image::DiskType;
use domain::{ResourceId, Rule, Violation};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use disk::{CreationBody, DiskBody, DiskBodyProperties, ImageDiskBody};
pub use image::{
    ManagedImageBody, ManagedImageBodyProperties, ManagedImageDiskBody, ManagedImageStorageBody,
};
pub use virtual_machine::{
    DataDiskBody, HardwareBody, LinuxBody, MachineImageBody, ManagedDiskBody, NetworkBody,
    NetworkInterfaceBody, OsDiskBody, OsProfileBody, SshBody, SshKeyBody, StorageProfileBody,
    VirtualMachineBody, VirtualMachineBodyProperties,
};

use crate::arm::Reading;

/// Another resource, by its id.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct ReferenceBody {
    id: Option<String>,
}

impl ReferenceBody {
    /// The id, when one is given.
    fn id(reference: Option<Self>) -> Option<String> {
        reference?.id.filter(|id| !id.is_empty())
    }
}

/// What a disk is kept on.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct DiskSkuBody {
    /// `Standard_LRS`, `StandardSSD_LRS`, `Premium_LRS` or another kind of disk.
    name: Option<String>,
}

/// The kind of disk that a word names.
fn disk_type(reading: &mut Reading, target: &str, text: Option<&str>) -> Option<DiskType> {
    let allowed = DiskType::ALL.map(DiskType::as_str).join(", ");
    reading.word(target, text, DiskType::parse, &allowed)
}

/// The upload that an address ends with: an upload's ARM id, or the same behind our own host's name.
fn upload(reading: &mut Reading, target: &str, uri: &str) -> Option<DiskSourceInput> {
    let at = uri.find("/subscriptions/").unwrap_or_default();
    let id = ResourceId::parse(uri[at..].split('?').next().unwrap_or_default()).ok();
    let name = id.as_ref().and_then(|id| id.segment("uploads"));
    let upload = name.and_then(|name| name.parse::<Uuid>().ok());
    if upload.is_none() {
        reading.refuse(
            Violation::new(Rule::UnknownChoice, target)
                .with("value", uri)
                .with(
                    "allowed",
                    "the id of a finished upload (…/galleries/{gallery}/uploads/{id})",
                ),
        );
    }
    upload.map(|upload| DiskSourceInput::Upload { upload })
}
