//! What stands nested in the body of an image definition. Rules A10, A22-A24.

use std::collections::BTreeSet;

use domain::image::{DiskType, PurchasePlan, Recommended};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::wire::Reading;

/// Publisher, offer and SKU.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct ImageIdentifier {
    pub(super) publisher: Option<String>,
    pub(super) offer: Option<String>,
    pub(super) sku: Option<String>,
}

/// Sizes that suit the image.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct RecommendedSizes {
    /// Virtual processors.
    #[serde(rename = "vCPUs", skip_serializing_if = "Option::is_none")]
    pub(super) vcpus: Option<Range>,
    /// Memory in GB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) memory: Option<Range>,
}

/// From and to, both may be open.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct Range {
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<u32>,
}

impl Range {
    /// The range, unless it is open at both ends.
    pub(super) fn shown(recommended: Recommended) -> Option<Self> {
        let Recommended { min, max } = recommended;
        (min.is_some() || max.is_some()).then_some(Self { min, max })
    }

    /// The range of a body that may lack it.
    pub(super) fn read(range: Option<Self>) -> Recommended {
        let Self { min, max } = range.unwrap_or_default();
        Recommended { min, max }
    }
}

/// What machines of the image must not have.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Disallowed {
    /// Kinds of disks, such as `Standard_LRS`; fixed at creation.
    disk_types: Option<Vec<String>>,
}

/// A plan of the marketplace; fixed at creation.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct Purchase {
    name: Option<String>,
    publisher: Option<String>,
    product: Option<String>,
}

impl Disallowed {
    /// The kinds, when there are any.
    pub(super) fn shown(kinds: &BTreeSet<DiskType>) -> Option<Self> {
        let words = kinds.iter().map(ToString::to_string).collect();
        (!kinds.is_empty()).then_some(Self {
            disk_types: Some(words),
        })
    }

    /// The kinds of a body that may lack them.
    pub(super) fn read(given: Option<Self>, reading: &mut Reading) -> BTreeSet<DiskType> {
        let words = given.and_then(|given| given.disk_types).unwrap_or_default();
        let allowed = DiskType::ALL.map(DiskType::as_str).join(", ");
        words
            .iter()
            .filter_map(|word| {
                reading.word("disallowedDiskTypes", Some(word), DiskType::parse, &allowed)
            })
            .collect()
    }
}

impl From<PurchasePlan> for Purchase {
    fn from(plan: PurchasePlan) -> Self {
        Self {
            name: Some(plan.name),
            publisher: Some(plan.publisher),
            product: Some(plan.product),
        }
    }
}

impl Purchase {
    /// The plan of a body that may lack it.
    pub(super) fn read(given: Option<Self>) -> Option<PurchasePlan> {
        let given = given?;
        let [publisher, product, name] =
            [given.publisher, given.product, given.name].map(Option::unwrap_or_default);
        PurchasePlan::given(&publisher, &product, &name)
    }
}
