//! Regions and geographies, as the operator's configuration names them.

use serde::{Deserialize, Serialize};

/// A place that holds replicas and runs machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// Short name as scripts write it, lower case without spaces, such as `westeurope`.
    pub name: String,
    /// Name for people, such as `West Europe`.
    pub display_name: String,
    /// The geography that it lies in; replication never leaves it by itself. Rule B6.
    pub geography: String,
}

/// A region as its administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegionView {
    /// The region itself.
    #[serde(flatten)]
    pub region: Region,
    /// Bytes that are free in its store; none when the store does not answer.
    pub free_bytes: Option<u64>,
}

/// All regions of this installation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Regions(pub Vec<Region>);

/// The short form of a region's name: `West Europe` and `westeurope` are the same region.
#[must_use]
pub fn normalize(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Regions {
    /// The region of this name, however it is spelt.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Region> {
        let short = normalize(name);
        self.0
            .iter()
            .find(|region| region.name == short || normalize(&region.display_name) == short)
    }

    /// The short name of a region, however it is spelt; the short form of the text itself when there is no such region.
    #[must_use]
    pub fn short_name(&self, name: &str) -> String {
        self.find(name)
            .map_or_else(|| normalize(name), |region| region.name.clone())
    }

    /// The regions of the same geography, the given one first. Rule B6.
    #[must_use]
    pub fn in_geography_of(&self, name: &str) -> Vec<&Region> {
        let Some(home) = self.find(name) else {
            return Vec::new();
        };
        let others = self
            .0
            .iter()
            .filter(|r| r.geography == home.geography && r.name != home.name);
        std::iter::once(home).chain(others).collect()
    }

    /// All short names, for messages.
    #[must_use]
    pub fn names(&self) -> String {
        self.0
            .iter()
            .map(|r| r.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    }
}
