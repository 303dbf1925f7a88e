use domain::gallery::{GalleryInput, GalleryUpdate, GalleryView, SoftDelete};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::wire::{Tags, Tracked};

/// A gallery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Gallery {
    #[serde(flatten)]
    resource: Tracked,
    properties: GalleryProperties,
}

/// A gallery's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GalleryProperties {
    /// What the gallery is for.
    description: String,
    identifier: GalleryIdentifier,
    /// Whether deleted versions are kept.
    soft_delete_policy: SoftDeletePolicy,
    /// Always `Succeeded`: a gallery is made at once.
    provisioning_state: &'static str,
}

/// Whether a gallery keeps versions that are deleted, and for how long.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SoftDeletePolicy {
    /// Deleted versions are kept.
    is_soft_delete_enabled: Option<bool>,
    /// For so many days, 1 to 365; the operator's number when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_period_in_days: Option<u32>,
}

impl From<SoftDelete> for SoftDeletePolicy {
    fn from(policy: SoftDelete) -> Self {
        Self {
            is_soft_delete_enabled: Some(policy.enabled),
            retention_period_in_days: policy.retention_days,
        }
    }
}

impl From<SoftDeletePolicy> for SoftDelete {
    fn from(policy: SoftDeletePolicy) -> Self {
        Self {
            enabled: policy.is_soft_delete_enabled.unwrap_or_default(),
            retention_days: policy.retention_period_in_days,
        }
    }
}

/// What a gallery is called among all.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GalleryIdentifier {
    unique_name: String,
}

impl From<GalleryView> for Gallery {
    fn from(view: GalleryView) -> Self {
        let subscription = view
            .meta
            .resource_id
            .segment("subscriptions")
            .unwrap_or_default();
        let unique_name = format!("{subscription}-{}", view.meta.name.to_uppercase());
        Self {
            resource: Tracked::new(view.meta, "Microsoft.Compute/galleries"),
            properties: GalleryProperties {
                description: view.description,
                identifier: GalleryIdentifier { unique_name },
                soft_delete_policy: view.soft_delete.into(),
                provisioning_state: "Succeeded",
            },
        }
    }
}

/// What a gallery is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct GalleryBody {
    /// A region's name.
    location: Option<String>,
    /// Free labels.
    tags: Option<Tags>,
    properties: Option<GalleryBodyProperties>,
}

/// A gallery's own matters, as they are written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GalleryBodyProperties {
    /// What the gallery is for, up to 1,000 characters.
    description: Option<String>,
    /// Whether deleted versions are kept; as it was when absent.
    soft_delete_policy: Option<SoftDeletePolicy>,
}

impl From<GalleryBody> for GalleryInput {
    fn from(body: GalleryBody) -> Self {
        let given = body.properties.unwrap_or_default();
        Self {
            description: given.description.unwrap_or_default(),
            location: body.location.unwrap_or_default(),
            tags: Tags::given(body.tags).unwrap_or_default(),
            soft_delete: given.soft_delete_policy.map(SoftDelete::from),
        }
    }
}

impl From<GalleryBody> for GalleryUpdate {
    fn from(body: GalleryBody) -> Self {
        let given = body.properties.unwrap_or_default();
        Self {
            description: given.description,
            tags: Tags::given(body.tags),
            soft_delete: given.soft_delete_policy.map(SoftDelete::from),
            location: body.location,
        }
    }
}
