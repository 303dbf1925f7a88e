use domain::gallery::{GalleryInput, GalleryView};
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
    /// Always `Succeeded`: a gallery is made at once.
    provisioning_state: &'static str,
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
    pub(super) tags: Option<Tags>,
    properties: Option<GalleryBodyProperties>,
}

/// A gallery's own matters, as they are written.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct GalleryBodyProperties {
    /// What the gallery is for, up to 1,000 characters.
    description: Option<String>,
}

impl GalleryBody {
    /// The description, when the body bears one.
    pub(super) fn description(&mut self) -> Option<String> {
        self.properties.as_mut()?.description.take()
    }
}

impl From<GalleryBody> for GalleryInput {
    fn from(mut body: GalleryBody) -> Self {
        Self {
            description: body.description().unwrap_or_default(),
            location: body.location.unwrap_or_default(),
            tags: Tags::given(body.tags).unwrap_or_default(),
        }
    }
}
