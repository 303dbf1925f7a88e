//! Lab plans: the defaults and limits that labs are created with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::gallery;
use crate::image::{OsState, OsType, PurchasePlan};
use crate::name;
use crate::region::Regions;
use crate::resource_id::ResourceId;
use crate::tenant::Meta;
use crate::version::ImageVersion;
use crate::violation::{Rule, Violation};

/// Whom students and teachers ask.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SupportInfo {
    /// A page.
    pub url: String,
    /// An e-mail address.
    pub email: String,
    /// A telephone number.
    pub phone: String,
    /// What to do.
    pub instructions: String,
}

/// What a lab plan is created from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PlanInput {
    /// A region's name.
    pub location: String,
    /// Regions that labs may be created in; the plan's own when empty.
    pub allowed_regions: Vec<String>,
    /// The attached gallery, by ARM id; one at the most. Rules B9, E.
    pub gallery: Option<ResourceId>,
    /// Exports are copied to the other regions of the geography. Rules B6, E.
    pub replicate_in_geography: bool,
    /// Whom to ask.
    pub support: SupportInfo,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
}

impl Default for PlanInput {
    fn default() -> Self {
        Self {
            location: String::new(),
            allowed_regions: Vec::new(),
            gallery: None,
            // On by default when a lab exports. Rule E.
            replicate_in_geography: true,
            support: SupportInfo::default(),
            tags: BTreeMap::new(),
        }
    }
}

impl PlanInput {
    /// All rules that the plan breaks by itself.
    #[must_use]
    pub fn check(&self, name: &str, regions: &Regions) -> Vec<Violation> {
        let mut found = name::LAB.check("name", name);
        found.extend(gallery::location(&self.location, regions));
        for region in &self.allowed_regions {
            if regions.find(region).is_none() {
                found.push(
                    Violation::new(Rule::RegionUnknown, "allowedRegions")
                        .with("region", region)
                        .with("allowed", regions.names()),
                );
            }
        }
        found.extend(name::web_address("url", &self.support.url));
        if !self.support.email.is_empty() && !name::is_email(&self.support.email) {
            found.push(Violation::new(Rule::NotAnEmail, "email"));
        }
        found.extend(name::text("phone", &self.support.phone, 0, 31));
        found.extend(name::text(
            "instructions",
            &self.support.instructions,
            0,
            1000,
        ));
        found.extend(gallery::tags(&self.tags));
        found
    }
}

/// A lab plan as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// What every resource has.
    #[serde(flatten)]
    pub meta: Meta,
    /// Regions that labs may be created in.
    pub allowed_regions: Vec<String>,
    /// The attached gallery. Rule B9.
    pub gallery: Option<AttachedGallery>,
    /// Exports are copied within the geography. Rule B6.
    pub replicate_in_geography: bool,
    /// Whom to ask.
    pub support: SupportInfo,
    /// Labs that were created from the plan.
    pub lab_count: u64,
}

/// The gallery of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachedGallery {
    /// Its key.
    pub id: Uuid,
    /// Its ARM id.
    pub resource_id: ResourceId,
    /// Its name.
    pub name: String,
}

/// An image of the attached gallery, with the plan's switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanImageView {
    /// The image definition.
    pub id: Uuid,
    /// Its ARM id.
    pub resource_id: ResourceId,
    /// Its name.
    pub name: String,
    /// Whether another organisation shares it. Rule C2.
    #[serde(default)]
    pub shared: bool,
    /// Whether labs may use it; off until a lab administrator turns it on, on for what a lab of the plan exports.
    pub enabled: bool,
    /// Rule A14.
    pub os_type: OsType,
    /// Rule A13.
    pub os_state: OsState,
    /// What machines of the image are bought under. Rule A24.
    pub purchase_plan: Option<PurchasePlan>,
    /// What `latest` finds.
    pub latest: Option<ImageVersion>,
    /// Why labs can't use it even when it is switched on.
    pub reasons: Vec<Violation>,
}
