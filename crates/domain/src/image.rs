//! Image definitions and their versions. Rules A9-A29.

mod advice;
mod disk_type;
mod purchase_plan;
mod replica;
mod reshape;
mod storage_type;
#[cfg(test)]
mod tests;
mod version;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::gallery;
use crate::name;
use crate::region::Regions;
use crate::tenant::Meta;
use crate::version::ImageVersion;
use crate::violation::{Rule, Violation};
use crate::words::words;

pub use advice::{
    MACHINES_PER_COPY, SET_MACHINES_PER_COPY, copies_for_machines, copies_for_scale_sets,
};
pub use disk_type::DiskType;
pub use purchase_plan::PurchasePlan;
pub use replica::{RegionStatus, ReplicaState, TargetRegion, check_targets};
pub use reshape::{HeldCopy, NewCopy, Reshape, reshape, spread};
pub use storage_type::StorageType;
pub use version::{
    Deleted, VersionInput, VersionSource, VersionSourceInput, VersionState, VersionUpdate,
    VersionView,
};

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
    /// Disks that machines of the image must not have. Rule A23.
    pub disallowed_disk_types: BTreeSet<DiskType>,
    /// What machines of the image are bought under, when it came from a marketplace. Rule A24.
    pub purchase_plan: Option<PurchasePlan>,
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
            disallowed_disk_types: BTreeSet::new(),
            purchase_plan: None,
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
        found.extend(disk_type::check(&self.disallowed_disk_types));
        found.extend(self.purchase_plan.iter().flat_map(PurchasePlan::check));
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
            (
                "disallowedDiskTypes",
                self.disallowed_disk_types == stored.disallowed_disk_types,
            ),
            ("purchasePlan", self.purchase_plan == stored.purchase_plan),
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
    /// How many versions were deleted and can still be restored.
    #[serde(default)]
    pub deleted_count: u64,
}
