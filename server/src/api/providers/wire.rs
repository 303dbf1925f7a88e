use domain::region::Regions;
use domain::{Problem, ResourceId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::error::ApiResult;

/// A resource provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Provider {
    id: String,
    namespace: &'static str,
    /// Always `Registered`: there is nothing to switch on.
    registration_state: &'static str,
    /// Always `RegistrationFree`.
    registration_policy: &'static str,
    resource_types: Vec<ResourceType>,
}

/// A kind of resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceType {
    resource_type: &'static str,
    /// Regions, as people read them; empty for what has no place.
    locations: Vec<String>,
    /// Versions that clients may name, newest first; any other date is taken as well.
    api_versions: &'static [&'static str],
}

/// Namespace, its kinds, and whether a kind has a place.
type Row = (
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, bool)],
);

const PROVIDERS: &[Row] = &[
    (
        "Microsoft.Authorization",
        &["2022-04-01"],
        &[
            ("locks", false),
            ("roleAssignments", false),
            ("roleDefinitions", false),
        ],
    ),
    (
        "Microsoft.Compute",
        &["2024-03-03", "2023-07-03", "2021-10-01"],
        &[
            ("galleries", true),
            ("galleries/images", true),
            ("galleries/images/versions", true),
            ("disks", true),
            ("images", true),
            ("snapshots", true),
            ("virtualMachines", true),
            ("locations/operations", false),
            ("locations/vmSizes", false),
        ],
    ),
    (
        "Microsoft.Insights",
        &["2015-04-01"],
        &[("eventtypes/values", false)],
    ),
    (
        "Microsoft.LabServices",
        &["2022-08-01"],
        &[
            ("labPlans", true),
            ("labPlans/images", false),
            ("labs", true),
            ("labs/virtualMachines", false),
            ("operations", false),
        ],
    ),
    (
        "Microsoft.Network",
        &["2022-01-01", "2015-06-15"],
        &[
            ("networkInterfaces", true),
            ("networkSecurityGroups", true),
            ("publicIPAddresses", true),
            ("virtualNetworks", true),
        ],
    ),
    (
        "Microsoft.Resources",
        &["2024-11-01", "2022-12-01", "2021-04-01"],
        &[
            ("deployments", false),
            ("resourceGroups", true),
            ("resources", false),
            ("subscriptions", false),
            ("tags", false),
        ],
    ),
];

impl Provider {
    /// Every provider, as this subscription sees it.
    pub(super) fn all(subscription: &ResourceId, regions: &Regions) -> Vec<Self> {
        PROVIDERS
            .iter()
            .map(|row| Self::new(row, subscription, regions))
            .collect()
    }

    /// The provider of this namespace.
    ///
    /// # Errors
    /// `ResourceNotFound` when there is none.
    pub(super) fn find(
        subscription: &ResourceId,
        namespace: &str,
        regions: &Regions,
    ) -> ApiResult<Self> {
        let row = PROVIDERS
            .iter()
            .find(|(name, ..)| name.eq_ignore_ascii_case(namespace));
        let row =
            row.ok_or_else(|| Problem::not_found(format!("The resource provider “{namespace}”")))?;
        Ok(Self::new(row, subscription, regions))
    }

    fn new(
        (namespace, api_versions, kinds): &Row,
        subscription: &ResourceId,
        regions: &Regions,
    ) -> Self {
        let everywhere: Vec<String> = regions
            .0
            .iter()
            .map(|region| region.display_name.clone())
            .collect();
        let kind = |(name, placed): &(&'static str, bool)| ResourceType {
            resource_type: name,
            locations: if *placed {
                everywhere.clone()
            } else {
                Vec::new()
            },
            api_versions,
        };
        Self {
            id: format!("{subscription}/providers/{namespace}"),
            namespace,
            registration_state: "Registered",
            registration_policy: "RegistrationFree",
            resource_types: kinds.iter().map(kind).collect(),
        }
    }
}
