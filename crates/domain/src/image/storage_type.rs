//! What kind of store holds the copies of a region. Rule A50.

use serde::{Deserialize, Serialize};

/// The kind of store that holds a copy. Rule A50.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum StorageType {
    /// The region's usual store.
    #[default]
    #[serde(rename = "Standard_LRS")]
    Standard,
    /// The region's fast store.
    #[serde(rename = "Premium_LRS")]
    Premium,
    /// The stores of the region's zones: the copies are spread across them.
    #[serde(rename = "Standard_ZRS")]
    Zones,
}

impl StorageType {
    /// Every kind, the usual one first.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Premium, Self::Zones];

    /// The kind as REST and the command line write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "Standard_LRS",
            Self::Premium => "Premium_LRS",
            Self::Zones => "Standard_ZRS",
        }
    }

    /// The kind in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Standard => "Standard",
            Self::Premium => "Premium",
            Self::Zones => "Spread across zones",
        }
    }

    /// All of them as REST writes them, for messages.
    #[must_use]
    pub fn words() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }

    /// Reads [`StorageType::as_str`] without regard to case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }
}

impl std::fmt::Display for StorageType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
