//! The bodies of disks and snapshots.

use domain::Problem;
use domain::compute::{DiskInput, DiskSourceInput};
use domain::image::{DiskType, HyperVGeneration, OsType};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{DiskSkuBody, disk_type, upload};
use crate::arm::{Reading, Tags};

/// What a disk or snapshot is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = DiskResourceBody)]
pub struct DiskBody {
    /// A region's name.
    location: Option<String>,
    /// Free labels.
    tags: Option<Tags>,
    sku: Option<DiskSkuBody>,
    properties: Option<DiskBodyProperties>,
}

/// A disk's own matters, as they are written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiskBodyProperties {
    creation_data: Option<CreationBody>,
    /// The size of an empty disk; any other has its source's.
    #[serde(rename = "diskSizeGB")]
    disk_size_gb: Option<u64>,
    /// `Linux` or `Windows`; as the source, when absent.
    os_type: Option<String>,
    /// `V1` or `V2`; as the source, when absent.
    #[serde(rename = "hyperVGeneration")]
    hyper_v_generation: Option<String>,
}

/// Where a disk's content comes from. Only looked at when it is created.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreationBody {
    /// `Empty`, `Copy`, `FromImage` or `Import`.
    create_option: Option<String>,
    /// The disk or snapshot to copy.
    source_resource_id: Option<String>,
    /// The upload to import.
    source_uri: Option<String>,
    /// A managed image.
    image_reference: Option<ImageDiskBody>,
    /// An image version.
    gallery_image_reference: Option<ImageDiskBody>,
}

/// A disk of an image.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct ImageDiskBody {
    id: Option<String>,
    /// The data disk of this number; the OS disk when absent.
    lun: Option<u32>,
}

impl DiskBody {
    /// The wish to create a disk or snapshot.
    ///
    /// # Errors
    /// Every fault of the body.
    pub fn create(self) -> Result<DiskInput, Problem> {
        let given = self.properties.unwrap_or_default();
        let mut reading = Reading::default();
        let source = given
            .creation_data
            .and_then(|creation| creation.read(&mut reading));
        let source = reading.required("creationData", source);
        let sku = self.sku.unwrap_or_default().name;
        let disk_type = disk_type(&mut reading, "sku", sku.as_deref());
        let os_type = reading.word(
            "osType",
            given.os_type.as_deref(),
            OsType::parse,
            "Linux, Windows",
        );
        let generation = given.hyper_v_generation.as_deref();
        let generation = reading.word(
            "hyperVGeneration",
            generation,
            HyperVGeneration::parse,
            "V1, V2",
        );
        reading.done(DiskInput {
            location: self.location.unwrap_or_default(),
            source: source.unwrap_or(DiskSourceInput::Empty),
            size_gib: given.disk_size_gb,
            disk_type: disk_type.unwrap_or(DiskType::StandardHdd),
            os_type,
            hyper_v_generation: generation,
            tags: Tags::given(self.tags).unwrap_or_default(),
        })
    }

    /// The labels that are wanted, when the body bears some.
    pub fn tags(self) -> Option<std::collections::BTreeMap<String, String>> {
        Tags::given(self.tags)
    }
}

impl CreationBody {
    fn read(self, reading: &mut Reading) -> Option<DiskSourceInput> {
        const OPTIONS: &str = "Empty, Copy, FromImage, Import";
        let option = self.create_option.unwrap_or_default().to_lowercase();
        match option.as_str() {
            "empty" => Some(DiskSourceInput::Empty),
            "copy" | "copystart" => {
                let id = reading.required("sourceResourceId", self.source_resource_id)?;
                Some(DiskSourceInput::Copy { resource_id: id })
            }
            "fromimage" => {
                let image = self.gallery_image_reference.or(self.image_reference);
                let image = image.unwrap_or_default();
                let id = reading.required("imageReference", image.id)?;
                Some(DiskSourceInput::Image {
                    resource_id: id,
                    lun: image.lun,
                })
            }
            "import" => {
                let uri = reading.required("sourceUri", self.source_uri)?;
                upload(reading, "sourceUri", &uri)
            }
            other => reading.word("createOption", Some(other), |_| None, OPTIONS),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Rule;
    use serde_json::json;

    use super::*;

    fn read(body: serde_json::Value) -> Result<DiskInput, Problem> {
        serde_json::from_value::<DiskBody>(body)
            .expect("a body")
            .create()
    }

    #[test]
    fn the_bodies_of_the_command_line_become_sources() {
        let empty = json!({"location": "westeurope", "tags": {}, "sku": {"name": "premium_lrs"},
            "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 10, "osType": null}});
        let input = read(empty).expect("an input");
        assert_eq!(
            (input.source, input.size_gib, input.disk_type),
            (DiskSourceInput::Empty, Some(10), DiskType::Premium)
        );
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d";
        let copy = json!({"properties": {"creationData": {"createOption": "Copy", "sourceResourceId": id}}});
        assert_eq!(
            read(copy).expect("an input").source,
            DiskSourceInput::Copy {
                resource_id: id.to_owned()
            }
        );
        let upload = "https://localhost:8443/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/x/uploads/00000000-0000-0000-0000-000000000007?api-version=2022-08-01";
        let import = json!({"properties": {"creationData": {"createOption": "Import", "sourceUri": upload}}});
        assert_eq!(
            read(import).expect("an input").source,
            DiskSourceInput::Upload {
                upload: uuid::Uuid::from_u128(7)
            }
        );
    }

    #[test]
    fn an_unknown_way_and_a_missing_source_are_refused() {
        let codes = |creation: serde_json::Value| {
            let body = json!({"properties": {"creationData": creation}});
            let problem = read(body).expect_err("refused");
            problem
                .details
                .into_iter()
                .map(|v| v.code)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            codes(json!({"createOption": "Upload"})),
            [Rule::UnknownChoice, Rule::Required]
        );
        assert_eq!(
            codes(json!({"createOption": "Copy"})),
            [Rule::Required, Rule::Required]
        );
    }
}
