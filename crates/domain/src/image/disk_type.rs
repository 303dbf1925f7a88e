//! Kinds of disks that a definition can rule out. Rule A23.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::violation::{Rule, Violation};

/// A kind of disk that whoever makes a machine of an image may give it. Rule A23.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DiskType {
    /// Hard disks in one data centre.
    #[serde(rename = "Standard_LRS")]
    StandardHdd,
    /// Flash in one data centre.
    #[serde(rename = "StandardSSD_LRS")]
    StandardSsd,
    /// Flash in several zones.
    #[serde(rename = "StandardSSD_ZRS")]
    StandardSsdZones,
    /// Fast flash in one data centre.
    #[serde(rename = "Premium_LRS")]
    Premium,
    /// Fast flash in several zones.
    #[serde(rename = "Premium_ZRS")]
    PremiumZones,
    /// Fast flash whose speed is chosen apart from its size.
    #[serde(rename = "PremiumV2_LRS")]
    PremiumV2,
    /// The fastest there is.
    #[serde(rename = "UltraSSD_LRS")]
    Ultra,
}

impl DiskType {
    /// Every kind, the slowest first.
    pub const ALL: [Self; 7] = [
        Self::StandardHdd,
        Self::StandardSsd,
        Self::StandardSsdZones,
        Self::Premium,
        Self::PremiumZones,
        Self::PremiumV2,
        Self::Ultra,
    ];

    /// The kind as REST and the command line write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StandardHdd => "Standard_LRS",
            Self::StandardSsd => "StandardSSD_LRS",
            Self::StandardSsdZones => "StandardSSD_ZRS",
            Self::Premium => "Premium_LRS",
            Self::PremiumZones => "Premium_ZRS",
            Self::PremiumV2 => "PremiumV2_LRS",
            Self::Ultra => "UltraSSD_LRS",
        }
    }

    /// The kind in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::StandardHdd => "Standard HDD",
            Self::StandardSsd => "Standard SSD",
            Self::StandardSsdZones => "Standard SSD, zones",
            Self::Premium => "Premium SSD",
            Self::PremiumZones => "Premium SSD, zones",
            Self::PremiumV2 => "Premium SSD v2",
            Self::Ultra => "Ultra disk",
        }
    }

    /// Reads [`DiskType::as_str`] without regard to case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }
}

impl std::fmt::Display for DiskType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An image that rules every kind out could never be used.
pub(super) fn check(disallowed: &BTreeSet<DiskType>) -> Option<Violation> {
    (disallowed.len() == DiskType::ALL.len())
        .then(|| Violation::new(Rule::NoDiskTypeLeft, "disallowedDiskTypes"))
}
