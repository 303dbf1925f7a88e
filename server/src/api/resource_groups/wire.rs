use domain::tenant::{ResourceGroupInput, ResourceGroupView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::wire::{Tags, Tracked};

/// A resource group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResourceGroup {
    #[serde(flatten)]
    resource: Tracked,
    properties: ResourceGroupProperties,
}

/// How far a resource group is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceGroupProperties {
    /// Always `Succeeded`: a group is made at once.
    provisioning_state: &'static str,
}

impl From<ResourceGroupView> for ResourceGroup {
    fn from(view: ResourceGroupView) -> Self {
        Self {
            resource: Tracked::new(view.meta, "Microsoft.Resources/resourceGroups"),
            properties: ResourceGroupProperties {
                provisioning_state: "Succeeded",
            },
        }
    }
}

/// What a resource group is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct ResourceGroupBody {
    /// A region's name.
    location: Option<String>,
    /// Free labels.
    tags: Option<Tags>,
}

impl From<ResourceGroupBody> for ResourceGroupInput {
    fn from(body: ResourceGroupBody) -> Self {
        Self {
            location: body.location.unwrap_or_default(),
            tags: Tags::given(body.tags).unwrap_or_default(),
        }
    }
}

impl ResourceGroupBody {
    /// The whole group, with what the body leaves out taken from what is there.
    pub(super) fn over(self, view: ResourceGroupView) -> ResourceGroupInput {
        ResourceGroupInput {
            location: view.meta.location,
            tags: Tags::given(self.tags).unwrap_or(view.meta.tags),
        }
    }
}
