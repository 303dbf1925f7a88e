//! Labs: a template VM made from an image, and later the students' machines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::catalog::CatalogImage;
use crate::image::OsState;
use crate::machine::MachineView;
use crate::name;
use crate::resource_id::ResourceId;
use crate::tenant::Meta;
use crate::violation::{Rule, Violation};
use crate::words::words;

words!(CreateOption { TemplateVM, Image });
words!(LabState {
    Draft,
    Publishing,
    Scaling,
    Syncing,
    Published
});
words!(ProvisioningState {
    Creating,
    Updating,
    Deleting,
    Succeeded,
    Failed,
    Locked
});

/// A machine size of the operator's configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MachineSize {
    /// Name as scripts write it, such as `Standard_Small`.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// Virtual processors.
    pub vcpus: u32,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Thousandths of the currency's main unit for an hour.
    pub price_milli_per_hour: i64,
}

/// Whether a lab has a template VM that can be changed before publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum CreateOption {
    /// A template VM, to customise.
    #[default]
    TemplateVM,
    /// The image as it is.
    Image,
}

/// What a lab is created from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabInput {
    /// The lab plan, by ARM id.
    pub plan: String,
    /// Name for people; the lab's name when empty.
    pub title: String,
    /// What the lab is for.
    pub description: String,
    /// The image definition, by ARM id or key.
    pub image: String,
    /// A machine size's name.
    pub size: String,
    /// The region that the machines run in.
    pub region: String,
    /// Template VM or not.
    pub create_option: CreateOption,
    /// First account's name; empty for a specialized image. Rules A32, A34.
    pub user_name: String,
    /// First account's password; empty for a specialized image. Never stored as it is, never shown again.
    #[serde(skip_serializing)]
    pub password: String,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
}

impl LabInput {
    /// All rules that the wish breaks, given the chosen image (when it is known), the sizes and the plan's regions.
    #[must_use]
    pub fn check(
        &self,
        name: &str,
        image: Option<&CatalogImage>,
        sizes: &[MachineSize],
        regions: &[String],
    ) -> Vec<Violation> {
        let mut found = name::LAB.check("name", name);
        found.extend(name::text("title", &self.title, 0, 120));
        found.extend(name::text("description", &self.description, 0, 500));
        if self.plan.is_empty() {
            found.push(Violation::new(Rule::Required, "plan"));
        }
        if self.image.is_empty() {
            found.push(Violation::new(Rule::Required, "image"));
        }
        if self.size.is_empty() {
            found.push(Violation::new(Rule::Required, "size"));
        } else if !sizes.iter().any(|size| size.name == self.size) {
            let allowed = sizes
                .iter()
                .map(|s| s.name.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            found.push(
                Violation::new(Rule::SizeUnknown, "size")
                    .with("value", &self.size)
                    .with("allowed", allowed),
            );
        }
        if self.region.is_empty() {
            found.push(Violation::new(Rule::Required, "region"));
        } else if !regions.contains(&self.region) {
            found.push(
                Violation::new(Rule::RegionNotAllowed, "region")
                    .with("region", &self.region)
                    .with("allowed", regions.join(", ")),
            );
        } else if image.is_some_and(|image| !image.ready_regions.contains(&self.region)) {
            found.push(Violation::new(Rule::RegionNotReady, "region").with("region", &self.region));
        }
        match image.map(|image| image.os_state) {
            Some(OsState::Generalized) => {
                found.extend(name::account("userName", &self.user_name));
                found.extend(name::password("password", &self.password));
            }
            Some(OsState::Specialized) => {
                for (target, value) in [("userName", &self.user_name), ("password", &self.password)]
                {
                    if !value.is_empty() {
                        found.push(Violation::new(Rule::CredentialsNotAllowed, target));
                    }
                }
            }
            None => {}
        }
        found.extend(crate::gallery::tags(&self.tags));
        found
    }
}

/// How far a lab is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LabState {
    Draft,
    Publishing,
    Scaling,
    Syncing,
    Published,
}

/// How far the resource itself is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProvisioningState {
    Creating,
    Updating,
    Deleting,
    Succeeded,
    Failed,
    Locked,
}

/// A lab as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabView {
    /// What every resource has.
    #[serde(flatten)]
    pub meta: Meta,
    /// Name for people.
    pub title: String,
    /// What the lab is for.
    pub description: String,
    /// The plan that it was created from; none when the plan is gone.
    pub plan: Option<Uuid>,
    /// That plan's ARM id, kept when the plan is gone.
    pub plan_resource_id: ResourceId,
    /// How far it is.
    pub state: LabState,
    /// How far the resource is.
    pub provisioning_state: ProvisioningState,
    /// Why provisioning failed, for a person.
    pub problem: Option<String>,
    /// The machine size's name.
    pub size: String,
    /// Template VM or not.
    pub create_option: CreateOption,
    /// The image it was created from.
    pub image: LabImage,
    /// The template VM, once it exists.
    pub template: Option<MachineView>,
    /// The job that works on the lab now.
    pub job: Option<Uuid>,
}

/// The image of a lab; names stay when the image is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabImage {
    /// The version's ARM id.
    pub resource_id: ResourceId,
    /// The definition's name.
    pub name: String,
    /// The version's number.
    pub version: crate::version::ImageVersion,
    /// Rule A13.
    pub os_state: OsState,
    /// Rule A14.
    pub os_type: crate::image::OsType,
}

/// What of a lab can be changed by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabUpdate {
    /// Name for people.
    pub title: Option<String>,
    /// What the lab is for.
    pub description: Option<String>,
    /// Free labels.
    pub tags: Option<BTreeMap<String, String>>,
}
