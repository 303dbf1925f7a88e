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
    /// Whether versions that are deleted can be restored for a while.
    #[serde(default)]
    pub soft_delete: SoftDelete,
}

/// Days that a deleted version is kept at the most.
pub const RETENTION_MAX_DAYS: u32 = 365;

/// Whether a gallery keeps versions that are deleted, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SoftDelete {
    /// Deleted versions are kept.
    pub enabled: bool,
    /// For so many days; the operator's number when there is none.
    pub retention_days: Option<u32>,
}

impl SoftDelete {
    /// All rules that the policy breaks.
    #[must_use]
    pub fn check(self) -> Option<Violation> {
        let days = self.retention_days?;
        (!(1..=RETENTION_MAX_DAYS).contains(&days)).then(|| {
            Violation::new(Rule::OutOfRange, "retentionPeriodInDays")
                .with("min", 1)
                .with("max", RETENTION_MAX_DAYS)
        })
    }
}

/// What of a gallery can be changed: description, tags, and whether deleted versions are kept. Rule A66.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GalleryUpdate {
    /// What the gallery is for.
    pub description: Option<String>,
    /// Free labels.
    pub tags: Option<BTreeMap<String, String>>,
    /// Whether deleted versions are kept.
    pub soft_delete: Option<SoftDelete>,
    /// Where the caller takes the gallery to lie; refused when it lies elsewhere.
    pub location: Option<String>,
}

impl GalleryUpdate {
    /// All rules that the change of a gallery in this region would break. Rule A66.
    #[must_use]
    pub fn check(&self, stored_location: &str, regions: &Regions) -> Vec<Violation> {
        let mut found = Vec::new();
        let description = self.description.iter();
        found.extend(description.flat_map(|text| name::text("description", text, 0, 1000)));
        found.extend(self.tags.iter().flat_map(tags));
        found.extend(self.soft_delete.and_then(SoftDelete::check));
        let named = self.location.as_deref();
        found.extend(named.and_then(|named| moved(named, stored_location, regions)));
        found
    }
}

/// The refusal of another location than the stored one; none when it is the same, however it is spelt.
#[must_use]
pub fn moved(named: &str, stored: &str, regions: &Regions) -> Option<Violation> {
    (!named.is_empty() && regions.short_name(named) != stored)
        .then(|| Violation::new(Rule::NotUpdatable, "location"))
}

/// How much of a limit is used. Rule A43.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// What is counted, for scripts.
    pub name: String,
    /// What is counted, for people.
    pub label: String,
    /// How many there are.
    pub used: u64,
    /// How many there may be.
    pub limit: u64,
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
    /// Whether deleted versions are kept; as it is, or off for a new gallery, when absent.
    pub soft_delete: Option<SoftDelete>,
}

impl GalleryInput {
    /// All rules that the new gallery would break.
    #[must_use]
    pub fn check(&self, name: &str, regions: &Regions) -> Vec<Violation> {
        let mut found = name::GALLERY.check("name", name);
        found.extend(location(&self.location, regions));
        found.extend(name::text("description", &self.description, 0, 1000));
        found.extend(tags(&self.tags));
        found.extend(self.soft_delete.and_then(SoftDelete::check));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::Region;

    #[test]
    fn rule_a66_a_gallery_keeps_its_place() {
        let regions = Regions(vec![Region {
            name: "westeurope".to_owned(),
            display_name: "West Europe".to_owned(),
            ..Region::default()
        }]);
        let named = |location: &str| {
            let update = GalleryUpdate {
                location: Some(location.to_owned()),
                ..GalleryUpdate::default()
            };
            update.check("westeurope", &regions)
        };
        assert_eq!(named("West Europe"), []);
        assert_eq!(named(""), []);
        assert_eq!(
            named("eastus"),
            [Violation::new(Rule::NotUpdatable, "location")]
        );
    }

    #[test]
    fn deleted_versions_are_kept_from_a_day_to_a_year() {
        for (days, is_right) in [
            (None, true),
            (Some(0), false),
            (Some(1), true),
            (Some(365), true),
            (Some(366), false),
        ] {
            let policy = SoftDelete {
                enabled: true,
                retention_days: days,
            };
            assert_eq!(policy.check().is_none(), is_right, "{days:?}");
        }
    }
}
