//! Image definitions and their versions. Rules A9-A29.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::export::lab_barriers;
use crate::gallery;
use crate::name;
use crate::region::Regions;
use crate::size::DiskSize;
use crate::tenant::Meta;
use crate::version::ImageVersion;
use crate::violation::{Rule, Violation};
use crate::words::words;

/// Whether machine data and accounts are still in the image. Rules A13, A30-A35.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OsState {
    /// Machine data removed: a new machine gets its own name and account.
    Generalized,
    /// Nothing removed: a new machine keeps the source's accounts and computer name.
    Specialized,
}

/// The kind of operating system. Rule A14.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OsType {
    Linux,
    Windows,
}

/// Which firmware the image boots with. Rule A15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum HyperVGeneration {
    /// BIOS.
    #[default]
    V1,
    /// UEFI.
    V2,
}

words!(OsState {
    Generalized,
    Specialized
});
words!(OsType { Linux, Windows });
words!(HyperVGeneration { V1, V2 });
words!(ReplicaState {
    Pending,
    Replicating,
    Verifying,
    Ready,
    Failed
});
words!(VersionState {
    Creating,
    Updating,
    Succeeded,
    Failed,
    Deleting
});

/// A lower and an upper recommendation. Rule A22.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recommended {
    /// At least this.
    pub min: Option<u32>,
    /// At most this.
    pub max: Option<u32>,
}

impl Recommended {
    fn check(self, target: &str) -> Option<Violation> {
        matches!((self.min, self.max), (Some(min), Some(max)) if min > max)
            .then(|| Violation::new(Rule::RangeReversed, target))
    }
}

/// What an image definition is created from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImageInput {
    /// A region's name.
    pub location: String,
    /// Rule A14.
    pub os_type: OsType,
    /// Rule A13.
    pub os_state: OsState,
    /// Rule A15.
    pub hyper_v_generation: HyperVGeneration,
    /// First part of the triple, unique together in the gallery. Rules A10, A11.
    pub publisher: String,
    /// Second part of the triple.
    pub offer: String,
    /// Third part of the triple.
    pub sku: String,
    /// Why the image exists. Rule A17.
    pub description: String,
    /// Address of the licence agreement. Rule A18.
    pub eula: String,
    /// Address of the privacy statement. Rule A19.
    pub privacy_statement_uri: String,
    /// Address of the release notes. Rule A19.
    pub release_note_uri: String,
    /// After this the image is not offered for new labs. Rule A20.
    pub end_of_life: Option<DateTime<Utc>>,
    /// Virtual processors. Rule A22.
    pub recommended_vcpus: Recommended,
    /// Memory in GiB. Rule A22.
    pub recommended_memory: Recommended,
    /// Free labels. Rule A21.
    pub tags: BTreeMap<String, String>,
}

impl Default for ImageInput {
    fn default() -> Self {
        Self {
            location: String::new(),
            os_type: OsType::Linux,
            os_state: OsState::Specialized,
            hyper_v_generation: HyperVGeneration::V1,
            publisher: String::new(),
            offer: String::new(),
            sku: String::new(),
            description: String::new(),
            eula: String::new(),
            privacy_statement_uri: String::new(),
            release_note_uri: String::new(),
            end_of_life: None,
            recommended_vcpus: Recommended::default(),
            recommended_memory: Recommended::default(),
            tags: BTreeMap::new(),
        }
    }
}

impl ImageInput {
    /// All rules that the new definition would break by itself; uniqueness is the store's to say.
    #[must_use]
    pub fn check(&self, name: &str, regions: &Regions) -> Vec<Violation> {
        let mut found = name::IMAGE.check("name", name);
        found.extend(gallery::location(&self.location, regions));
        found.extend(name::TRIPLE.check("publisher", &self.publisher));
        found.extend(name::TRIPLE.check("offer", &self.offer));
        found.extend(name::TRIPLE.check("sku", &self.sku));
        found.extend(name::text("description", &self.description, 0, 1000));
        found.extend(name::web_address("eula", &self.eula));
        found.extend(name::web_address(
            "privacyStatementUri",
            &self.privacy_statement_uri,
        ));
        found.extend(name::web_address("releaseNoteUri", &self.release_note_uri));
        found.extend(self.recommended_vcpus.check("recommendedVcpus"));
        found.extend(self.recommended_memory.check("recommendedMemory"));
        found.extend(gallery::tags(&self.tags));
        found
    }

    /// The properties of a replacement that differ although they are fixed at creation. Rule A67.
    #[must_use]
    pub fn fixed_changes(&self, stored: &Self) -> Vec<Violation> {
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        [
            ("location", same(&self.location, &stored.location)),
            ("osType", self.os_type == stored.os_type),
            ("osState", self.os_state == stored.os_state),
            (
                "hyperVGeneration",
                self.hyper_v_generation == stored.hyper_v_generation,
            ),
            ("publisher", same(&self.publisher, &stored.publisher)),
            ("offer", same(&self.offer, &stored.offer)),
            ("sku", same(&self.sku, &stored.sku)),
            ("eula", self.eula == stored.eula),
            (
                "privacyStatementUri",
                self.privacy_statement_uri == stored.privacy_statement_uri,
            ),
            (
                "releaseNoteUri",
                self.release_note_uri == stored.release_note_uri,
            ),
        ]
        .into_iter()
        .filter(|(_, unchanged)| !unchanged)
        .map(|(target, _)| Violation::new(Rule::NotUpdatable, target))
        .collect()
    }
}

/// An image definition as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageView {
    /// What every resource has.
    #[serde(flatten)]
    pub meta: Meta,
    /// The gallery that it lies in.
    pub gallery: Uuid,
    /// That gallery's name.
    pub gallery_name: String,
    /// Its properties, as they were given.
    pub properties: ImageInput,
    /// Its newest version, as `latest` finds it. Rules A27, A28.
    pub latest: Option<ImageVersion>,
    /// How many versions it holds.
    pub version_count: u64,
}

/// How far one replica is. Rule A54.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReplicaState {
    Pending,
    Replicating,
    Verifying,
    Ready,
    Failed,
}

/// How far a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum VersionState {
    Creating,
    Updating,
    Succeeded,
    Failed,
    Deleting,
}

/// One region that a version is wanted in. Rules A46, A50.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetRegion {
    /// The region's short name.
    pub region: String,
    /// Full copies in that region. Rule A46.
    pub replicas: u32,
}

/// Where a version's copies in one region stand. Rules A54, A55.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegionStatus {
    /// The region's short name.
    pub region: String,
    /// Copies wanted.
    pub replicas: u32,
    /// Copies that are ready: one is enough to use the region. Rule A55.
    pub ready: u32,
    /// The least advanced copy's state.
    pub state: ReplicaState,
    /// 0 to 100 over all copies of the region.
    pub percent: u8,
    /// Why it failed, for a person.
    pub detail: Option<String>,
}

/// Checks a wish for target regions. Rules A41, A80, E.
#[must_use]
pub fn check_targets(
    targets: &[TargetRegion],
    source_region: &str,
    regions: &Regions,
    max_replicas: u32,
) -> Vec<Violation> {
    const TARGET: &str = "targetRegions";
    let mut found = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for target in targets {
        match regions.find(&target.region) {
            None => found.push(
                Violation::new(Rule::RegionUnknown, TARGET)
                    .with("region", &target.region)
                    .with("allowed", regions.names()),
            ),
            Some(region) if !seen.insert(region.name.clone()) => {
                found.push(
                    Violation::new(Rule::DuplicateRegion, TARGET).with("region", &region.name),
                );
            }
            Some(_) => {}
        }
        if target.replicas < 1 {
            found.push(
                Violation::new(Rule::OutOfRange, TARGET)
                    .with("min", 1)
                    .with("max", max_replicas),
            );
        } else if target.replicas > max_replicas {
            found.push(Violation::new(Rule::TooManyReplicas, TARGET).with("max", max_replicas));
        }
    }
    if !targets.is_empty() && !seen.contains(source_region) {
        found.push(Violation::new(Rule::SourceRegionMissing, TARGET).with("region", source_region));
    }
    found
}

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
    /// A lab's template VM, by ARM id.
    #[serde(rename_all = "camelCase")]
    VirtualMachine { resource_id: String },
    /// Another version, by ARM id.
    #[serde(rename_all = "camelCase")]
    Version { resource_id: String },
}
