//! The images that a new lab can be created from, and why others are not among them. Rules B3, B19, B20, E.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::image::{HyperVGeneration, OsState, OsType, Recommended};
use crate::resource_id::ResourceId;
use crate::size::DiskSize;
use crate::version::ImageVersion;
use crate::violation::Violation;

/// Where an image of the list comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CatalogSource {
    /// The gallery that is attached to the lab plan.
    Gallery,
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
