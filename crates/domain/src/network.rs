//! Records of networks: what clients make before they make a machine. The engine has one network of its own, so that a
//! record says what was asked for and connects nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::gallery::{location, tags};
use crate::name::NameRule;
use crate::rbac::Action;
use crate::region::Regions;
use crate::resource_id::ResourceId;
use crate::tenant::Meta;
use crate::violation::{Rule, Violation};

/// Names of network records.
pub const NETWORK: NameRule = NameRule {
    min: 1,
    max: 80,
    signs: "_.-",
    allowed: "letters, digits, “_”, “.” and “-”",
};

/// The address that the engine's network gives to every machine: each is alone in a network of its own.
pub const MACHINE_ADDRESS: &str = "10.0.2.15";

/// Characters of a record's properties at the most.
const LENGTH: usize = 64 * 1024;

/// What a record is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NetworkKind {
    /// A range of addresses with its subnets.
    VirtualNetworks,
    /// Rules of who reaches what.
    NetworkSecurityGroups,
    /// An address that the world reaches; here there is none.
    PublicIPAddresses,
    /// A machine's way into a network.
    NetworkInterfaces,
}

impl NetworkKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::VirtualNetworks,
        Self::NetworkSecurityGroups,
        Self::PublicIPAddresses,
        Self::NetworkInterfaces,
    ];

    /// The word of ids.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::VirtualNetworks => "virtualNetworks",
            Self::NetworkSecurityGroups => "networkSecurityGroups",
            Self::PublicIPAddresses => "publicIPAddresses",
            Self::NetworkInterfaces => "networkInterfaces",
        }
    }

    /// Reads the word of ids, without regard to case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word().eq_ignore_ascii_case(word))
    }

    /// The kind of the record that an id names.
    #[must_use]
    pub fn of(id: &ResourceId) -> Option<Self> {
        let segments: Vec<&str> = id.as_str().split('/').collect();
        Self::parse(segments.get(7)?)
    }

    /// The right to see a record.
    #[must_use]
    pub fn read(self) -> Action {
        match self {
            Self::VirtualNetworks => Action::VirtualNetworkRead,
            Self::NetworkSecurityGroups => Action::SecurityGroupRead,
            Self::PublicIPAddresses => Action::PublicAddressRead,
            Self::NetworkInterfaces => Action::InterfaceRead,
        }
    }

    /// The right to make and change a record.
    #[must_use]
    pub fn write(self) -> Action {
        match self {
            Self::VirtualNetworks => Action::VirtualNetworkWrite,
            Self::NetworkSecurityGroups => Action::SecurityGroupWrite,
            Self::PublicIPAddresses => Action::PublicAddressWrite,
            Self::NetworkInterfaces => Action::InterfaceWrite,
        }
    }

    /// The right to delete a record.
    #[must_use]
    pub fn delete(self) -> Action {
        match self {
            Self::VirtualNetworks => Action::VirtualNetworkDelete,
            Self::NetworkSecurityGroups => Action::SecurityGroupDelete,
            Self::PublicIPAddresses => Action::PublicAddressDelete,
            Self::NetworkInterfaces => Action::InterfaceDelete,
        }
    }
}

/// What a record is written with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NetworkInput {
    /// A region's name.
    pub location: String,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
    /// Its size and tier, when it has one.
    pub sku: Option<Value>,
    /// The rest, as clients of the modelled service write it.
    pub properties: Map<String, Value>,
}

/// A record as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkView {
    /// What every resource has.
    pub meta: Meta,
    /// What it is of.
    pub kind: NetworkKind,
    /// Its size and tier.
    pub sku: Option<Value>,
    /// The rest: what was written, and what is known besides.
    pub properties: Map<String, Value>,
}

impl NetworkInput {
    /// Every rule that the record breaks.
    #[must_use]
    pub fn check(&self, kind: NetworkKind, name: &str, regions: &Regions) -> Vec<Violation> {
        let mut found = NETWORK.check("name", name);
        found.extend(location(&self.location, regions));
        found.extend(tags(&self.tags));
        let length: usize = self
            .properties
            .values()
            .map(|value| value.to_string().len())
            .sum();
        if length > LENGTH {
            found.push(Violation::new(Rule::TooLong, "properties").with("max", LENGTH));
        }
        match kind {
            NetworkKind::VirtualNetworks => {
                let ranges = list(&self.properties, "addressSpace", "addressPrefixes");
                found.extend(
                    ranges
                        .iter()
                        .filter(|range| !is_range(range))
                        .map(|_| range_fault("addressPrefixes")),
                );
                if ranges.is_empty() {
                    found.push(Violation::new(
                        Rule::Required,
                        "addressSpace.addressPrefixes",
                    ));
                }
                found.extend(self.parts("subnets").filter_map(|subnet| {
                    let range = subnet
                        .pointer("/properties/addressPrefix")
                        .cloned()
                        .unwrap_or_default();
                    (!is_range(&range)).then(|| range_fault("subnets.addressPrefix"))
                }));
                found.extend(self.named("subnets"));
            }
            NetworkKind::NetworkSecurityGroups => found.extend(self.named("securityRules")),
            NetworkKind::PublicIPAddresses => {}
            NetworkKind::NetworkInterfaces => {
                found.extend(self.named("ipConfigurations"));
                if self.parts("ipConfigurations").next().is_none() {
                    found.push(Violation::new(Rule::Required, "ipConfigurations"));
                }
                for part in self.parts("ipConfigurations") {
                    if part
                        .pointer("/properties/subnet/id")
                        .and_then(Value::as_str)
                        .is_none()
                    {
                        found.push(Violation::new(Rule::Required, "ipConfigurations.subnet.id"));
                    }
                    let wish = part
                        .pointer("/properties/privateIPAllocationMethod")
                        .and_then(Value::as_str);
                    if wish.is_some_and(|wish| wish.eq_ignore_ascii_case("Static")) {
                        let wrong = Violation::new(
                            Rule::UnknownChoice,
                            "ipConfigurations.privateIPAllocationMethod",
                        );
                        found.push(wrong.with("value", "Static").with("allowed", "Dynamic"));
                    }
                }
            }
        }
        found
    }

    /// The parts of a list among the properties.
    pub fn parts(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.properties
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }

    /// Each part of a list needs a name, and none bears that of another.
    fn named(&self, list: &str) -> Vec<Violation> {
        let mut seen = Vec::new();
        let mut found = Vec::new();
        for part in self.parts(list) {
            let name = part.get("name").and_then(Value::as_str).unwrap_or_default();
            found.extend(NETWORK.check(&format!("{list}.name"), name));
            if seen.contains(&name.to_lowercase()) {
                found.push(
                    Violation::new(Rule::AlreadyExists, &format!("{list}.name"))
                        .with("value", name),
                );
            }
            seen.push(name.to_lowercase());
        }
        found
    }
}

fn list(properties: &Map<String, Value>, of: &str, name: &str) -> Vec<Value> {
    let found = properties
        .get(of)
        .and_then(|of| of.get(name))
        .and_then(Value::as_array);
    found.cloned().unwrap_or_default()
}

fn range_fault(target: &str) -> Violation {
    Violation::new(Rule::BadCharacters, target)
        .with("allowed", "ranges of addresses such as 10.0.0.0/16")
}

/// Whether a value is a range of addresses, such as `10.0.0.0/16`.
fn is_range(value: &Value) -> bool {
    let parts = value.as_str().and_then(|text| text.split_once('/'));
    let Some((address, length)) = parts else {
        return false;
    };
    let most = match address.parse() {
        Ok(std::net::IpAddr::V4(_)) => 32,
        Ok(std::net::IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    length.parse::<u8>().is_ok_and(|length| length <= most)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(kind: NetworkKind, properties: &Value) -> Vec<String> {
        let input = NetworkInput {
            properties: properties.as_object().cloned().unwrap_or_default(),
            ..NetworkInput::default()
        };
        let found = input.check(kind, "a", &Regions(Vec::new()));
        let found = found.into_iter().filter(|found| found.target != "location");
        found
            .map(|found| format!("{} {:?}", found.target, found.code))
            .collect()
    }

    #[test]
    fn each_kind_asks_for_what_it_can_not_be_without() {
        use NetworkKind::{NetworkInterfaces, PublicIPAddresses, VirtualNetworks};
        let range = json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}]});
        assert!(wrong(VirtualNetworks, &range).is_empty());
        assert_eq!(
            wrong(VirtualNetworks, &json!({})),
            ["addressSpace.addressPrefixes Required"]
        );
        let bad = json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/33", "x"]}});
        assert_eq!(wrong(VirtualNetworks, &bad).len(), 2);
        assert!(wrong(PublicIPAddresses, &json!({})).is_empty());
        assert_eq!(
            wrong(NetworkInterfaces, &json!({})),
            ["ipConfigurations Required"]
        );
        let static_one = json!({"ipConfigurations": [{"name": "a", "properties": {"subnet": {"id": "x"},
            "privateIPAllocationMethod": "static"}}]});
        assert_eq!(
            wrong(NetworkInterfaces, &static_one),
            ["ipConfigurations.privateIPAllocationMethod UnknownChoice"]
        );
    }

    #[test]
    fn an_id_tells_its_kind() {
        let id = ResourceId::resource_group("s", "g").provider(
            "Microsoft.Network",
            "publicIpAddresses",
            "a",
        );
        assert_eq!(NetworkKind::of(&id), Some(NetworkKind::PublicIPAddresses));
        assert_eq!(NetworkKind::of(&ResourceId::resource_group("s", "g")), None);
    }
}
