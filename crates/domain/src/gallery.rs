//! Galleries: what a tenant keeps its images in. Rules A1-A6.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name;
use crate::region::Regions;
use crate::tenant::Meta;
use crate::violation::{Rule, Violation};

/// A gallery as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GalleryView {
    /// What every resource has.
    #[serde(flatten)]
    pub meta: Meta,
    /// What the gallery is for; the only property that can be changed later. Rule A66.
    pub description: String,
    /// How many image definitions it holds.
    pub image_count: u64,
    /// How many versions they hold together.
    pub version_count: u64,
    /// Bytes that all replicas occupy. Rule A64.
    pub stored_bytes: u64,
}

/// What a gallery is created from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GalleryInput {
    /// A region's name.
    pub location: String,
    /// What the gallery is for, up to 1,000 characters.
    pub description: String,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
}

impl GalleryInput {
    /// All rules that the new gallery would break.
    #[must_use]
    pub fn check(&self, name: &str, regions: &Regions) -> Vec<Violation> {
        let mut found = name::GALLERY.check("name", name);
        found.extend(location(&self.location, regions));
        found.extend(name::text("description", &self.description, 0, 1000));
        found.extend(tags(&self.tags));
        found
    }
}

/// Whether a location is one of this installation's regions.
#[must_use]
pub fn location(value: &str, regions: &Regions) -> Vec<Violation> {
    if value.is_empty() {
        vec![Violation::new(Rule::Required, "location")]
    } else if regions.find(value).is_none() {
        vec![
            Violation::new(Rule::RegionUnknown, "location")
                .with("region", value)
                .with("allowed", regions.names()),
        ]
    } else {
        Vec::new()
    }
}

/// At most 50 tags; keys up to 512 and values up to 256 characters.
#[must_use]
pub fn tags(tags: &BTreeMap<String, String>) -> Vec<Violation> {
    let mut found = Vec::new();
    if tags.len() > 50 {
        found.push(
            Violation::new(Rule::LimitReached, "tags")
                .with("max", 50)
                .with("what", "tags"),
        );
    }
    for (key, value) in tags {
        if key.is_empty() {
            found.push(Violation::new(Rule::Required, "tags"));
        } else if key.chars().count() > 512 {
            found.push(Violation::new(Rule::TooLong, "tags").with("max", 512));
        } else if value.chars().count() > 256 {
            found.push(Violation::new(Rule::TooLong, "tags").with("max", 256));
        }
    }
    found
}
