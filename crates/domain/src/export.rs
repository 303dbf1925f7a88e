//! Exporting a template VM to the gallery, and what keeps an image out of labs. Rules B2, B3, B6-B17.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::image::TargetRegion;
use crate::money::Money;
use crate::name;
use crate::size::DiskSize;
use crate::version::ImageVersion;
use crate::violation::{Rule, Violation};

/// The largest OS disk that a lab uses: 128 GiB is allowed, a byte more is not. Rules B2, E.
pub const LAB_OS_DISK_MAX: DiskSize = DiskSize::from_gib(128);

/// Why no lab can be created from an image of this shape; nothing when one can. Rules B2, B3.
#[must_use]
pub fn lab_barriers(os_disk: DiskSize, disk_count: u32) -> Vec<Violation> {
    let mut found = Vec::new();
    if os_disk > LAB_OS_DISK_MAX {
        found.push(
            Violation::new(Rule::OsDiskTooLarge, "osDisk")
                .with("size", os_disk)
                .with("max", LAB_OS_DISK_MAX),
        );
    }
    if disk_count > 1 {
        found.push(Violation::new(Rule::SeveralDisks, "disks").with("count", disk_count));
    }
    found
}

/// Why a date is past. Rules A20, A29, E.
#[must_use]
pub fn end_of_life(date: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Violation> {
    let date = date.filter(|date| *date <= now)?;
    Some(Violation::new(Rule::ImageEndOfLife, "image").with("date", date.format("%Y-%m-%d")))
}

/// What an export is asked to make.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportInput {
    /// The new definition's name; empty when `existing` is given. Rule B12.
    pub name: String,
    /// An existing specialized definition that gets a new version.
    pub existing: Option<Uuid>,
    /// The version's number; the next free one when empty.
    pub version: String,
    /// Why the image exists; for a new definition.
    pub description: String,
}

impl ExportInput {
    /// All rules that the wish breaks by itself.
    #[must_use]
    pub fn check(&self) -> Vec<Violation> {
        let mut found = if self.existing.is_some() {
            Vec::new()
        } else {
            name::IMAGE.check("name", &self.name)
        };
        if !self.version.is_empty() {
            found.extend(self.version.parse::<ImageVersion>().err());
        }
        found.extend(name::text("description", &self.description, 0, 1000));
        found
    }
}

/// What the export dialog shows before anything happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportPreview {
    /// The gallery of the lab's plan; none is an obstacle by itself.
    pub gallery: Option<String>,
    /// The OS disk's virtual size.
    pub os_disk: DiskSize,
    /// Bytes that one replica will occupy at the most.
    pub occupied_bytes: u64,
    /// The machine's disks.
    pub disk_count: u32,
    /// Why no lab will be able to use the image; shown as a warning, never as a refusal. Rules B2, B3, E.
    pub lab_barriers: Vec<Violation>,
    /// The regions that it will be copied to. Rule B6.
    pub targets: Vec<TargetRegion>,
    /// What all replicas together cost a month. Rule A64.
    pub monthly: Money,
    /// What the first copies to other regions cost once. Rule A65.
    pub egress: Money,
    /// The machine runs and will be stopped first.
    pub stops_machine: bool,
    /// Specialized definitions that can get a new version, with the number it would get.
    pub existing: Vec<ExportChoice>,
    /// Names that are taken in the gallery, lower case, for checking while somebody types.
    pub taken: Vec<String>,
    /// Why the export can't be asked for now.
    pub obstacles: Vec<Violation>,
}

/// A definition that an export can add a version to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportChoice {
    /// The definition.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its newest version.
    pub latest: Option<ImageVersion>,
    /// The number that a new version would get.
    pub next: ImageVersion,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_b2_128_gib_is_offered_and_a_byte_more_is_not() {
        assert_eq!(lab_barriers(DiskSize::from_gib(127), 1), []);
        assert_eq!(lab_barriers(DiskSize::from_gib(128), 1), []);
        let above = lab_barriers(DiskSize::from_bytes(DiskSize::from_gib(128).bytes() + 1), 1);
        assert_eq!(
            above.iter().map(|v| v.code).collect::<Vec<_>>(),
            [Rule::OsDiskTooLarge]
        );
    }

    #[test]
    fn rule_b3_a_second_disk_keeps_an_image_out_of_labs() {
        assert_eq!(
            lab_barriers(DiskSize::from_gib(1), 2)[0].code,
            Rule::SeveralDisks
        );
        assert_eq!(lab_barriers(DiskSize::from_gib(129), 2).len(), 2);
    }

    #[test]
    fn rule_a29_end_of_life_counts_from_its_own_instant() {
        let date = DateTime::from_timestamp(1_800_000_000, 0).expect("a date");
        assert!(end_of_life(Some(date), date - chrono::TimeDelta::seconds(1)).is_none());
        assert!(end_of_life(Some(date), date).is_some());
        assert!(end_of_life(None, date).is_none());
    }
}
