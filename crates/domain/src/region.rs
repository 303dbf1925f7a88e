//! Regions and geographies, as the operator's configuration names them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::image::StorageType;
use crate::violation::{Rule, Violation};

/// A place that holds replicas and runs machines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Region {
    /// Short name as scripts write it, lower case without spaces, such as `westeurope`.
    pub name: String,
    /// Name for people, such as `West Europe`.
    pub display_name: String,
    /// The geography that it lies in; replication never leaves it by itself. Rule B6.
    pub geography: String,
    /// Its zones, each with a store of its own. Rule A50.
    pub zones: Vec<String>,
    /// Whether it has a fast store besides the usual one. Rule A50.
    pub has_premium: bool,
    /// The organisations and subscriptions that may use it; all when there is none. Rule A37.
    pub only_for: Vec<Uuid>,
}

impl Region {
    /// The stores that hold copies of this kind, by the names that the engine knows them by; none when the region has
    /// no such store. Rule A50.
    #[must_use]
    pub fn stores(&self, kind: StorageType) -> Vec<String> {
        match kind {
            StorageType::Standard => vec![self.name.clone()],
            StorageType::Premium if self.has_premium => vec![self.premium_store()],
            StorageType::Premium => Vec::new(),
            StorageType::Zones => self
                .zones
                .iter()
                .map(|zone| self.zone_store(zone))
                .collect(),
        }
    }

    /// The engine's name of the fast store.
    #[must_use]
    pub fn premium_store(&self) -> String {
        format!("{}.premium", self.name)
    }

    /// The engine's name of a zone's store.
    #[must_use]
    pub fn zone_store(&self, zone: &str) -> String {
        format!("{}.zone-{zone}", self.name)
    }

    /// Where copies lie unless another kind is named: across the zones when there are some. Rule A50.
    #[must_use]
    pub fn default_storage(&self) -> StorageType {
        if self.zones.is_empty() {
            StorageType::Standard
        } else {
            StorageType::Zones
        }
    }

    /// Whether a subscription of an organisation may use the region. Rule A37.
    #[must_use]
    pub fn is_open_to(&self, tenant: Uuid, subscription: Option<Uuid>) -> bool {
        let is_listed = |id: &Uuid| *id == tenant || Some(*id) == subscription;
        self.only_for.is_empty() || self.only_for.iter().any(is_listed)
    }
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

    /// The regions among those named that the operator keeps for others. Rule A37.
    #[must_use]
    pub fn closed<'a>(
        &self,
        target: &str,
        names: impl IntoIterator<Item = &'a str>,
        tenant: Uuid,
        subscription: Option<Uuid>,
    ) -> Vec<Violation> {
        let named = names.into_iter().filter_map(|name| self.find(name));
        let closed = named.filter(|region| !region.is_open_to(tenant, subscription));
        let violation = |region: &Region| {
            Violation::new(Rule::RegionRestricted, target).with("region", &region.display_name)
        };
        closed.map(violation).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_a37_a_restricted_region_is_open_to_those_on_its_list_alone() {
        let [tenant, subscription, other] = [1, 2, 3].map(Uuid::from_u128);
        let regions = Regions(vec![Region {
            name: "australiacentral".to_owned(),
            only_for: vec![tenant, subscription],
            ..Region::default()
        }]);
        let closed = |tenant, subscription| {
            let names = ["Australia Central", "nowhere"];
            regions
                .closed("location", names, tenant, subscription)
                .len()
        };
        assert_eq!(closed(tenant, None), 0);
        assert_eq!(closed(other, Some(subscription)), 0);
        assert_eq!(closed(other, Some(other)), 1);
        assert_eq!(closed(other, None), 1);
    }

    #[test]
    fn rule_a50_a_region_has_the_stores_that_the_operator_gave_it() {
        let plain = Region {
            name: "a".to_owned(),
            ..Region::default()
        };
        assert_eq!(plain.stores(StorageType::Standard), ["a"]);
        assert!(plain.stores(StorageType::Premium).is_empty());
        assert!(plain.stores(StorageType::Zones).is_empty());
        assert_eq!(plain.default_storage(), StorageType::Standard);
    }
}
