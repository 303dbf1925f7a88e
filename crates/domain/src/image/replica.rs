//! The regions that a version is copied to, and how far its copies are. Rules A46-A55.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::StorageType;
use crate::region::{Region, Regions};
use crate::violation::{Rule, Violation};
use crate::words::words;

/// How far one replica is. Rule A54.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReplicaState {
    Pending,
    Replicating,
    Verifying,
    Ready,
    Failed,
}

words!(ReplicaState {
    Pending,
    Replicating,
    Verifying,
    Ready,
    Failed
});

/// One region that a version is wanted in. Rules A46, A50.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetRegion {
    /// The region's short name.
    pub region: String,
    /// Full copies in that region. Rule A46.
    pub replicas: u32,
    /// The kind of store that holds them; the region's own default when none is named. Rule A50.
    #[serde(default)]
    pub storage: Option<StorageType>,
}

impl TargetRegion {
    /// So many copies in the region's default kind of store.
    pub fn new(region: impl Into<String>, replicas: u32) -> Self {
        Self {
            region: region.into(),
            replicas,
            storage: None,
        }
    }

    /// The kind of store that holds the copies: zones where the region has some, unless another is named. Rule A50.
    #[must_use]
    pub fn storage_in(&self, regions: &Regions) -> StorageType {
        self.storage.unwrap_or_else(|| {
            let region = regions.find(&self.region);
            region.map_or(StorageType::Standard, Region::default_storage)
        })
    }
}

/// Where a version's copies in one region stand. Rules A54, A55.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegionStatus {
    /// The region's short name.
    pub region: String,
    /// Copies wanted.
    pub replicas: u32,
    /// The kind of store that holds them. Rule A50.
    #[serde(default)]
    pub storage: StorageType,
    /// Copies that are ready: one is enough to use the region. Rule A55.
    pub ready: u32,
    /// The least advanced copy's state.
    pub state: ReplicaState,
    /// 0 to 100 over all copies of the region.
    pub percent: u8,
    /// Why it failed, for a person.
    pub detail: Option<String>,
}

/// Checks a wish for target regions. Rules A41, A50, A80, E.
#[must_use]
pub fn check_targets(
    targets: &[TargetRegion],
    source_region: &str,
    regions: &Regions,
    max_replicas: u32,
) -> Vec<Violation> {
    const TARGET: &str = "targetRegions";
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for target in targets {
        match regions.find(&target.region) {
            None => found.push(
                Violation::new(unknown(&target.region), TARGET)
                    .with("region", &target.region)
                    .with("allowed", regions.names()),
            ),
            Some(region) if !seen.insert(region.name.clone()) => {
                found.push(
                    Violation::new(Rule::DuplicateRegion, TARGET).with("region", &region.name),
                );
            }
            Some(region) => {
                let has_store = target
                    .storage
                    .is_none_or(|kind| !region.stores(kind).is_empty());
                if !has_store {
                    let kind = target.storage.unwrap_or_default();
                    found.push(
                        Violation::new(Rule::StorageNotHere, TARGET)
                            .with("region", &region.name)
                            .with("storage", kind)
                            .with("what", kind.label().to_lowercase())
                            .with("instead", region.default_storage()),
                    );
                }
            }
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

/// Why there is no such region: regions of other clouds are told by how their names begin. Rule A76.
fn unknown(region: &str) -> Rule {
    const OTHER_CLOUDS: [&str; 6] = [
        "china",
        "usgov",
        "usdod",
        "usnat",
        "ussec",
        "germanynortheast",
    ];
    if OTHER_CLOUDS.iter().any(|cloud| region.starts_with(cloud)) {
        Rule::OtherCloud
    } else {
        Rule::RegionUnknown
    }
}
