//! What an image version is written with.

use domain::compute::DiskKind;
use domain::image::{StorageType, TargetRegion, VersionInput, VersionSourceInput, VersionUpdate};
use domain::{Problem, ResourceId, Rule, Violation};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::wire::{Reading, Tags};

const SOURCES: &str = "a machine in source.virtualMachineId, a version, managed image or machine in source.id, or uploads, disks or snapshots in osDiskImage.source";

/// What an image version is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct VersionBody {
    /// The source region. Rule A80.
    location: Option<String>,
    /// Free labels.
    tags: Option<Tags>,
    properties: Option<VersionBodyProperties>,
}

/// An image version's own matters, as they are written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionBodyProperties {
    publishing_profile: Option<PublishingBody>,
    /// Only looked at when the version is created.
    storage_profile: Option<StorageBody>,
}

/// Where to keep the version and whether `latest` finds it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishingBody {
    /// The source region alone, when empty.
    target_regions: Option<Vec<TargetBody>>,
    /// Copies in a region that names no number of its own; 1 when absent.
    replica_count: Option<u32>,
    /// The kind of store in a region that names none of its own; the region's default when absent. Rule A50.
    storage_account_type: Option<String>,
    /// Always `Full`: a version is copied as a whole.
    replication_mode: Option<String>,
    /// Rule A28.
    exclude_from_latest: Option<bool>,
    /// Rule A29.
    end_of_life_date: Option<String>,
}

/// A region and how many copies it is to keep.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TargetBody {
    name: Option<String>,
    regional_replica_count: Option<u32>,
    /// `Standard_LRS`, `Premium_LRS` or `Standard_ZRS`. Rule A50.
    storage_account_type: Option<String>,
}

/// Where the disks come from.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StorageBody {
    source: Option<SourceBody>,
    /// An upload, disk or snapshot, as the OS disk.
    os_disk_image: Option<DiskBody>,
    /// Uploads, disks or snapshots, as data disks.
    data_disk_images: Option<Vec<DiskBody>>,
}

/// A disk of the new version.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct DiskBody {
    lun: Option<u32>,
    source: Option<SourceBody>,
}

/// A source, by its id.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceBody {
    id: Option<String>,
    /// An upload's address.
    uri: Option<String>,
    /// A machine's id: a lab's template VM or a virtual machine.
    virtual_machine_id: Option<String>,
}

impl VersionBody {
    /// The wish to create a version.
    ///
    /// # Errors
    /// Every fault of the body.
    pub(super) fn create(self) -> Result<VersionInput, Problem> {
        let VersionBodyProperties {
            publishing_profile,
            storage_profile,
        } = self.properties.unwrap_or_default();
        let publishing = publishing_profile.unwrap_or_default();
        let mut reading = Reading::default();
        let source = storage_profile.unwrap_or_default().read(&mut reading);
        let source = reading.required("storageProfile", source);
        let end_of_life = reading.date("endOfLifeDate", publishing.end_of_life_date.as_deref());
        let exclude_from_latest = publishing.exclude_from_latest.unwrap_or_default();
        let input = VersionInput {
            location: self.location.unwrap_or_default(),
            source: source.unwrap_or(VersionSourceInput::Uploads {
                uploads: Vec::new(),
            }),
            exclude_from_latest,
            targets: publishing.targets(&mut reading).unwrap_or_default(),
            end_of_life,
            tags: Tags::given(self.tags).unwrap_or_default(),
        };
        reading.done(input)
    }

    /// The wish to change a version: only what the body bears.
    ///
    /// # Errors
    /// Every fault of the body.
    pub(super) fn update(self) -> Result<VersionUpdate, Problem> {
        let given = self.properties.unwrap_or_default();
        let publishing = given.publishing_profile.unwrap_or_default();
        let mut reading = Reading::default();
        let end_of_life = reading.date("endOfLifeDate", publishing.end_of_life_date.as_deref());
        let update = VersionUpdate {
            exclude_from_latest: publishing.exclude_from_latest,
            end_of_life: end_of_life.map(Some),
            targets: publishing.targets(&mut reading),
            tags: Tags::given(self.tags),
            location: self.location,
            source: given.storage_profile.and_then(StorageBody::named),
        };
        reading.done(update)
    }

    /// Whether the body says what the version is to be made from.
    pub(super) fn has_source(&self) -> bool {
        self.properties
            .as_ref()
            .is_some_and(|given| given.storage_profile.is_some())
    }

    /// The labels, when the body bears some.
    pub(super) fn take_tags(&mut self) -> Option<std::collections::BTreeMap<String, String>> {
        Tags::given(self.tags.take())
    }

    /// The wish to replace a version: a date that is absent is taken away.
    ///
    /// # Errors
    /// Every fault of the body.
    pub(super) fn replace(self) -> Result<VersionUpdate, Problem> {
        let update = self.update()?;
        Ok(VersionUpdate {
            end_of_life: Some(update.end_of_life.flatten()),
            ..update
        })
    }
}

impl PublishingBody {
    fn targets(self, reading: &mut Reading) -> Option<Vec<TargetRegion>> {
        let full = |word: &str| word.eq_ignore_ascii_case("Full").then_some(());
        reading.word(
            "replicationMode",
            self.replication_mode.as_deref(),
            full,
            "Full",
        );
        let usual = self.replica_count.unwrap_or(1);
        let mut storage = |text: Option<&str>| {
            let (target, allowed) = ("storageAccountType", StorageType::words());
            reading.word(target, text, StorageType::parse, &allowed)
        };
        let usual_storage = storage(self.storage_account_type.as_deref());
        let target = |target: TargetBody| TargetRegion {
            region: domain::region::normalize(&target.name.unwrap_or_default()),
            replicas: target.regional_replica_count.unwrap_or(usual),
            storage: storage(target.storage_account_type.as_deref()).or(usual_storage),
        };
        Some(self.target_regions?.into_iter().map(target).collect())
    }
}

impl StorageBody {
    /// What the body takes the version to be made from; the command line leaves it out when it changes a version.
    fn named(self) -> Option<String> {
        let source = self.source.unwrap_or_default();
        let disk = self.os_disk_image.and_then(|disk| disk.source);
        let disk = disk.and_then(|source| source.id);
        let named = source.virtual_machine_id.or(source.id).or(disk);
        named.filter(|id| !id.is_empty())
    }
}

impl StorageBody {
    fn read(self, reading: &mut Reading) -> Option<VersionSourceInput> {
        let source = self.source.unwrap_or_default();
        if let Some(resource_id) = source.virtual_machine_id {
            return Some(VersionSourceInput::VirtualMachine { resource_id });
        }
        if let Some(resource_id) = source.id {
            let id = ResourceId::parse(&resource_id).ok();
            let has = |word| id.as_ref().is_some_and(|id| id.segment(word).is_some());
            let kind = id.as_ref().and_then(DiskKind::of);
            return if has("versions") {
                Some(VersionSourceInput::Version { resource_id })
            } else if has("virtualMachines") {
                Some(VersionSourceInput::VirtualMachine { resource_id })
            } else if kind == Some(DiskKind::Image) {
                Some(VersionSourceInput::ManagedImage { resource_id })
            } else {
                reading.refuse(unknown("storageProfile.source.id", &resource_id));
                None
            };
        }
        let os_disk = self.os_disk_image?;
        let mut data_disks = self.data_disk_images.unwrap_or_default();
        data_disks.sort_by_key(|disk| disk.lun);
        if let Some(os_disk) = os_disk.kept() {
            let data_disks = data_disks.iter().filter_map(|disk| disk.required(reading));
            return Some(VersionSourceInput::Disks {
                os_disk,
                data_disks: data_disks.collect(),
            });
        }
        let uploads = std::iter::once(os_disk)
            .chain(data_disks)
            .filter_map(|disk| disk.upload(reading))
            .collect();
        Some(VersionSourceInput::Uploads { uploads })
    }
}

impl DiskBody {
    /// The disk or snapshot that is named.
    fn kept(&self) -> Option<String> {
        let id = self.source.as_ref()?.id.clone()?;
        let kind = ResourceId::parse(&id).ok().as_ref().and_then(DiskKind::of);
        matches!(kind, Some(DiskKind::Disk | DiskKind::Snapshot)).then_some(id)
    }

    /// The same, of a data disk beside such an OS disk.
    fn required(&self, reading: &mut Reading) -> Option<String> {
        let kept = self.kept();
        if kept.is_none() {
            let target = "storageProfile.dataDiskImages.source.id";
            reading.refuse(unknown(target, "?"));
        }
        kept
    }

    fn upload(self, reading: &mut Reading) -> Option<Uuid> {
        let source = self.source.unwrap_or_default();
        let id = source.id.or(source.uri).unwrap_or_default();
        let path = id.find("/subscriptions/").map_or("", |at| &id[at..]);
        let path = path.split('?').next().unwrap_or_default();
        let parsed = ResourceId::parse(path).ok();
        let upload = parsed
            .as_ref()
            .and_then(|id| id.segment("uploads"))
            .and_then(|name| name.parse().ok());
        if upload.is_none() {
            reading.refuse(unknown("storageProfile.osDiskImage.source.id", &id));
        }
        upload
    }
}

fn unknown(target: &str, value: &str) -> Violation {
    Violation::new(Rule::UnknownChoice, target)
        .with("value", value)
        .with("allowed", SOURCES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: serde_json::Value) -> Result<VersionInput, Problem> {
        serde_json::from_value::<VersionBody>(body)
            .expect("a body")
            .create()
    }

    #[test]
    fn the_body_of_the_command_line_becomes_targets_and_a_source() {
        let vm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.LabServices/labs/l/virtualMachines/template";
        let input = read(serde_json::json!({
            "location": "westeurope",
            "properties": {
                "publishingProfile": {
                    "replicaCount": 2,
                    "targetRegions": [
                        {"name": "West Europe", "regionalReplicaCount": 3, "storageAccountType": "standard_zrs"},
                        {"name": "northeurope"}
                    ]
                },
                "storageProfile": {"source": {"virtualMachineId": vm}}
            }
        }))
        .expect("an input");
        let targets: Vec<_> = input
            .targets
            .iter()
            .map(|t| (t.region.as_str(), t.replicas, t.storage))
            .collect();
        let expected = [
            ("westeurope", 3, Some(StorageType::Zones)),
            ("northeurope", 2, None),
        ];
        assert_eq!(targets, expected);
        assert_eq!(
            input.source,
            VersionSourceInput::VirtualMachine {
                resource_id: vm.to_owned()
            }
        );
    }

    #[test]
    fn uploads_are_disks_in_the_order_of_their_numbers() {
        let upload = |n: u128| {
            let id = Uuid::from_u128(n);
            let id = format!(
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/x/uploads/{id}"
            );
            serde_json::json!({"id": id})
        };
        let input = read(serde_json::json!({
            "properties": {"storageProfile": {
                "osDiskImage": {"source": upload(1)},
                "dataDiskImages": [{"lun": 1, "source": upload(3)}, {"lun": 0, "source": upload(2)}]
            }}
        }))
        .expect("an input");
        let uploads = [1, 2, 3].map(Uuid::from_u128).to_vec();
        assert_eq!(input.source, VersionSourceInput::Uploads { uploads });
    }

    #[test]
    fn a_version_without_a_source_is_refused() {
        let problem = read(serde_json::json!({"location": "westeurope"})).expect_err("no source");
        assert_eq!(problem.target.as_deref(), Some("storageProfile"));
    }
}
