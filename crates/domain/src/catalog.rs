//! The images that a new lab can be created from, and why others are not among them. Rules B3, B19, B20, E.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::export::{end_of_life, lab_barriers};
use crate::image::{HyperVGeneration, ImageInput, OsState, OsType, Recommended, VersionState};
use crate::resource_id::ResourceId;
use crate::size::DiskSize;
use crate::version::{ImageVersion, latest};
use crate::violation::{Rule, Violation};

/// Where an image of the list comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CatalogSource {
    /// The gallery that is attached to the lab plan.
    Gallery,
    /// Another organisation shares it, and the plan has it switched on. Rule C2.
    Shared,
    /// The operator's base images, offered to every tenant.
    Base,
}

/// An image that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogImage {
    /// The image definition.
    pub id: Uuid,
    /// Its ARM id.
    pub resource_id: ResourceId,
    /// Its name.
    pub name: String,
    /// Why it exists.
    pub description: String,
    /// Gallery or base image.
    pub source: CatalogSource,
    /// Rule A14.
    pub os_type: OsType,
    /// Rule A13: decides whether credentials are asked for.
    pub os_state: OsState,
    /// Rule A15.
    pub hyper_v_generation: HyperVGeneration,
    /// The version that a lab gets.
    pub version: ImageVersion,
    /// That version's key.
    pub version_id: Uuid,
    /// The OS disk's virtual size.
    pub os_disk: DiskSize,
    /// Bytes that it occupies.
    pub occupied_bytes: u64,
    /// Regions with a finished replica. Rule A55.
    pub ready_regions: Vec<String>,
    /// Rule A22.
    pub recommended_vcpus: Recommended,
    /// Rule A22, in GiB.
    pub recommended_memory: Recommended,
}

/// An image that is not offered, with every reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HiddenImage {
    /// The image definition.
    pub id: Uuid,
    /// Its ARM id.
    pub resource_id: ResourceId,
    /// Its name.
    pub name: String,
    /// Why it is hidden.
    pub reasons: Vec<Violation>,
}

/// The list for one lab plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalog {
    /// What can be chosen.
    pub images: Vec<CatalogImage>,
    /// What can't, and why: nothing is silently missing. Rule E.
    pub hidden: Vec<HiddenImage>,
}

/// A version as far as the list looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionFacts {
    /// The version's key.
    pub id: Uuid,
    /// Its number.
    pub version: ImageVersion,
    /// How far it is.
    pub state: VersionState,
    /// Rule A28.
    pub exclude_from_latest: bool,
    /// Rule A29.
    pub end_of_life: Option<DateTime<Utc>>,
    /// The OS disk's virtual size.
    pub os_disk: DiskSize,
    /// Bytes that one replica occupies.
    pub occupied_bytes: u64,
    /// Disks, the OS disk included.
    pub disk_count: u32,
    /// Regions with a finished replica. Rule A55.
    pub ready_regions: Vec<String>,
}

impl VersionFacts {
    /// Whether it was published; while its regions are changed it stays usable where a copy is ready. Rule A55.
    fn is_published(&self) -> bool {
        matches!(self.state, VersionState::Succeeded | VersionState::Updating)
    }
}

/// A definition with everything that decides whether labs can use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFacts {
    /// The image definition.
    pub id: Uuid,
    /// Its ARM id.
    pub resource_id: ResourceId,
    /// Its name.
    pub name: String,
    /// Gallery or base image.
    pub source: CatalogSource,
    /// What the definition says of itself.
    pub properties: ImageInput,
    /// The plan's switch.
    pub enabled: bool,
    /// All its versions, in any order.
    pub versions: Vec<VersionFacts>,
}

impl ImageFacts {
    /// The version that a new lab gets: the highest that is published, not excluded and not past its end of life.
    /// Rules A27, A28, A29.
    #[must_use]
    pub fn newest(&self, now: DateTime<Utc>) -> Option<&VersionFacts> {
        let living =
            |v: &&VersionFacts| v.is_published() && end_of_life(v.end_of_life, now).is_none();
        let candidates = self.versions.iter().filter(living);
        let newest = latest(candidates.map(|v| (v.version, v.exclude_from_latest)))?;
        self.versions.iter().find(|v| v.version == newest)
    }

    /// Leaves the version that was named alone, also when it is excluded from latest: whoever names a version wants
    /// that one. A version that is not there leaves none. Rule C5.
    #[must_use]
    pub fn narrowed_to(mut self, version: ImageVersion) -> Self {
        self.versions.retain(|known| known.version == version);
        for known in &mut self.versions {
            known.exclude_from_latest = false;
        }
        self
    }

    /// Every reason why no lab of a plan with these regions can use the image, the plan's switch aside.
    /// Rules A20, A29, A55, B2, B3, E.
    #[must_use]
    pub fn barriers(&self, allowed_regions: &[String], now: DateTime<Utc>) -> Vec<Violation> {
        let mut found: Vec<Violation> = end_of_life(self.properties.end_of_life, now)
            .into_iter()
            .collect();
        match self.newest(now) {
            Some(version) => {
                found.extend(lab_barriers(version.os_disk, version.disk_count));
                found.extend(region_barrier(&version.ready_regions, allowed_regions));
            }
            // One end of life is enough to say.
            None if found.is_empty() => found.push(self.why_without_version(now)),
            None => {}
        }
        found
    }

    /// Offers the image to the labs of a plan with these regions, or hides it with every reason. Rules B3, B19, E.
    ///
    /// # Errors
    /// The hidden image, when the plan has it switched off or something keeps it out of labs.
    pub fn judge(
        self,
        allowed_regions: &[String],
        now: DateTime<Utc>,
    ) -> Result<CatalogImage, HiddenImage> {
        let mut reasons = Vec::new();
        if !self.enabled {
            reasons.push(Violation::new(Rule::ImageDisabled, TARGET));
        }
        reasons.extend(self.barriers(allowed_regions, now));
        match self.newest(now).cloned() {
            Some(version) if reasons.is_empty() => Ok(self.offer(version)),
            _ => Err(HiddenImage {
                id: self.id,
                resource_id: self.resource_id,
                name: self.name,
                reasons,
            }),
        }
    }

    fn offer(self, version: VersionFacts) -> CatalogImage {
        CatalogImage {
            id: self.id,
            resource_id: self.resource_id,
            name: self.name,
            description: self.properties.description,
            source: self.source,
            os_type: self.properties.os_type,
            os_state: self.properties.os_state,
            hyper_v_generation: self.properties.hyper_v_generation,
            version: version.version,
            version_id: version.id,
            os_disk: version.os_disk,
            occupied_bytes: version.occupied_bytes,
            ready_regions: version.ready_regions,
            recommended_vcpus: self.properties.recommended_vcpus,
            recommended_memory: self.properties.recommended_memory,
        }
    }

    /// The reason that names what would have been taken: a version past its date, one still being made, or none.
    fn why_without_version(&self, now: DateTime<Utc>) -> Violation {
        let wanted = || self.versions.iter().filter(|v| !v.exclude_from_latest);
        let newest_dead = wanted()
            .filter(|v| v.is_published())
            .max_by_key(|v| v.version);
        if let Some(ended) = newest_dead.and_then(|v| end_of_life(v.end_of_life, now)) {
            ended
        } else if wanted().any(|v| v.state == VersionState::Creating) {
            Violation::new(Rule::ImageNotReady, TARGET)
        } else {
            Violation::new(Rule::ImageWithoutVersion, TARGET)
        }
    }
}

impl Catalog {
    /// Judges every image and sorts the outcome: the gallery's before base images, then by name. Rules B3, B19, E.
    #[must_use]
    pub fn of(images: Vec<ImageFacts>, allowed_regions: &[String], now: DateTime<Utc>) -> Self {
        let mut catalog = Self::default();
        for image in images {
            match image.judge(allowed_regions, now) {
                Ok(image) => catalog.images.push(image),
                Err(hidden) => catalog.hidden.push(hidden),
            }
        }
        let is_base = |image: &CatalogImage| image.source == CatalogSource::Base;
        catalog
            .images
            .sort_by_cached_key(|image| (is_base(image), image.name.to_lowercase(), image.id));
        catalog
            .hidden
            .sort_by_cached_key(|image| (image.name.to_lowercase(), image.id));
        catalog
    }
}

/// What the reasons are about: the field of the form in which an image is chosen.
const TARGET: &str = "image";

/// Why the image can't be used in any of the allowed regions. Rule A55.
fn region_barrier(ready: &[String], allowed: &[String]) -> Option<Violation> {
    if ready.is_empty() {
        return Some(Violation::new(Rule::ImageNotReady, TARGET));
    }
    let usable = allowed.iter().any(|region| ready.contains(region));
    (!usable)
        .then(|| Violation::new(Rule::RegionNotReady, TARGET).with("region", allowed.join(", ")))
}

#[cfg(test)]
mod tests;
