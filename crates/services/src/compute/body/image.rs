//! The body of a managed image.

use std::collections::BTreeMap;

use domain::Problem;
use domain::compute::{DiskSourceInput, ManagedImageInput, ManagedImageSource};
use domain::image::{HyperVGeneration, OsState, OsType};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ReferenceBody, upload};
use crate::arm::{Reading, Tags};

/// What a managed image is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct ManagedImageBody {
    /// A region's name.
    location: Option<String>,
    /// Free labels.
    tags: Option<Tags>,
    properties: Option<ManagedImageBodyProperties>,
}

/// A managed image's own matters, as they are written. Only looked at when it is created.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManagedImageBodyProperties {
    /// A generalized machine: all its disks.
    source_virtual_machine: Option<ReferenceBody>,
    /// Disks, snapshots or uploads.
    storage_profile: Option<ManagedImageStorageBody>,
    /// `V1` or `V2`; as the source, when absent.
    #[serde(rename = "hyperVGeneration")]
    hyper_v_generation: Option<String>,
}

/// The disks of a managed image.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManagedImageStorageBody {
    os_disk: Option<ManagedImageDiskBody>,
    data_disks: Option<Vec<ManagedImageDiskBody>>,
}

/// A disk of a managed image: one of the three sources.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManagedImageDiskBody {
    /// `Linux` or `Windows`; of the OS disk alone.
    os_type: Option<String>,
    /// `Generalized` or `Specialized`; of the OS disk alone.
    os_state: Option<String>,
    snapshot: Option<ReferenceBody>,
    managed_disk: Option<ReferenceBody>,
    /// An upload's id.
    blob_uri: Option<String>,
    /// Of a data disk alone.
    lun: Option<u32>,
}

impl ManagedImageBody {
    /// The wish to create a managed image.
    ///
    /// # Errors
    /// Every fault of the body.
    pub fn create(self) -> Result<ManagedImageInput, Problem> {
        let given = self.properties.unwrap_or_default();
        let mut reading = Reading::default();
        let generation = given.hyper_v_generation.as_deref();
        let generation = reading.word(
            "hyperVGeneration",
            generation,
            HyperVGeneration::parse,
            "V1, V2",
        );
        let source = match ReferenceBody::id(given.source_virtual_machine) {
            Some(resource_id) => ManagedImageSource::VirtualMachine { resource_id },
            None => given.storage_profile.unwrap_or_default().read(&mut reading),
        };
        reading.done(ManagedImageInput {
            location: self.location.unwrap_or_default(),
            source,
            hyper_v_generation: generation,
            tags: Tags::given(self.tags).unwrap_or_default(),
        })
    }

    /// The labels that are wanted, when the body bears some.
    pub fn tags(self) -> Option<BTreeMap<String, String>> {
        Tags::given(self.tags)
    }
}

impl ManagedImageStorageBody {
    fn read(self, reading: &mut Reading) -> ManagedImageSource {
        let os_disk = self.os_disk.unwrap_or_default();
        let (os_type, os_state) = (os_disk.os_type.clone(), os_disk.os_state.clone());
        let os_type = reading.word(
            "osType",
            os_type.as_deref(),
            OsType::parse,
            "Linux, Windows",
        );
        let os_state = reading.word(
            "osState",
            os_state.as_deref(),
            OsState::parse,
            "Generalized, Specialized",
        );
        let mut data_disks = self.data_disks.unwrap_or_default();
        data_disks.sort_by_key(|disk| disk.lun);
        let disks = std::iter::once(os_disk).chain(data_disks);
        ManagedImageSource::Disks {
            os_type,
            os_state,
            disks: disks.filter_map(|disk| disk.read(reading)).collect(),
        }
    }
}

impl ManagedImageDiskBody {
    fn read(self, reading: &mut Reading) -> Option<DiskSourceInput> {
        let kept = ReferenceBody::id(self.snapshot).or(ReferenceBody::id(self.managed_disk));
        match (kept, self.blob_uri) {
            (Some(resource_id), _) => Some(DiskSourceInput::Copy { resource_id }),
            (None, Some(uri)) => upload(reading, "blobUri", &uri),
            (None, None) => reading.required("storageProfile", None),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: serde_json::Value) -> Result<ManagedImageInput, Problem> {
        serde_json::from_value::<ManagedImageBody>(body)
            .expect("a body")
            .create()
    }

    #[test]
    fn the_bodies_of_the_command_line_become_sources() {
        let body = json!({"location": "westeurope", "properties": {
            "sourceVirtualMachine": {"id": "vm"}, "hyperVGeneration": "V1",
            "storageProfile": {"zoneResilient": null}
        }});
        let input = read(body).expect("an input");
        assert_eq!(
            input.source,
            ManagedImageSource::VirtualMachine {
                resource_id: "vm".to_owned()
            }
        );
        let body = json!({"properties": {"storageProfile": {
            "osDisk": {"osType": "linux", "osState": "Generalized", "snapshot": {"id": "s"}},
            "dataDisks": [{"lun": 1, "managedDisk": {"id": "b"}}, {"lun": 0, "managedDisk": {"id": "a"}}]
        }}});
        let copy = |id: &str| DiskSourceInput::Copy {
            resource_id: id.to_owned(),
        };
        assert_eq!(
            read(body).expect("an input").source,
            ManagedImageSource::Disks {
                os_type: Some(OsType::Linux),
                os_state: Some(OsState::Generalized),
                disks: vec![copy("s"), copy("a"), copy("b")]
            }
        );
    }
}
