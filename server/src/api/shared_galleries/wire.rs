use domain::gallery::GalleryView;
use domain::image::{ImageView, VersionView};
use serde::Serialize;
use utoipa::ToSchema;

/// Something that another organisation shares.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Shared<T> {
    name: String,
    /// The region that it is registered in.
    location: String,
    identifier: SharedIdentifier,
    properties: T,
}

/// What it is called among all that is shared.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SharedIdentifier {
    unique_id: String,
}

/// A shared gallery's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SharedGallery {
    /// The gallery's full path in the other organisation. Vitrine's own.
    resource_id: String,
}

/// A shared definition's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SharedImage {
    /// The definition's full path in the other organisation. Vitrine's own.
    resource_id: String,
    os_type: String,
    os_state: String,
    hyper_v_generation: String,
    identifier: SharedTriple,
}

/// What tells definitions of a gallery apart. Rule A11.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedTriple {
    publisher: String,
    offer: String,
    sku: String,
}

/// A shared version's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SharedVersion {
    /// The version's full path in the other organisation: what a new lab's image takes. Vitrine's own.
    resource_id: String,
    published_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_of_life_date: Option<String>,
}

/// The name by which a gallery is unique among all organisations.
pub(super) fn unique_name(gallery: &GalleryView) -> String {
    let id = &gallery.meta.resource_id;
    let subscription = id.segment("subscriptions").unwrap_or_default();
    format!("{subscription}-{}", gallery.meta.name.to_uppercase())
}

fn shared<T>(name: String, location: String, path: &str, properties: T) -> Shared<T> {
    Shared {
        name,
        location,
        identifier: SharedIdentifier {
            unique_id: format!("/SharedGalleries/{path}"),
        },
        properties,
    }
}

impl From<GalleryView> for Shared<SharedGallery> {
    fn from(view: GalleryView) -> Self {
        let name = unique_name(&view);
        let properties = SharedGallery {
            resource_id: view.meta.resource_id.to_string(),
        };
        shared(name.clone(), view.meta.location, &name, properties)
    }
}

impl Shared<SharedImage> {
    /// A definition of a shared gallery.
    pub(super) fn image(gallery: &str, view: ImageView) -> Self {
        let path = format!("{gallery}/Images/{}", view.meta.name);
        let given = view.properties;
        let properties = SharedImage {
            resource_id: view.meta.resource_id.to_string(),
            os_type: given.os_type.to_string(),
            os_state: given.os_state.to_string(),
            hyper_v_generation: given.hyper_v_generation.to_string(),
            identifier: SharedTriple {
                publisher: given.publisher,
                offer: given.offer,
                sku: given.sku,
            },
        };
        shared(view.meta.name, view.meta.location, &path, properties)
    }
}

impl Shared<SharedVersion> {
    /// A version of a shared definition.
    pub(super) fn version(gallery: &str, image: &str, view: VersionView) -> Self {
        let path = format!("{gallery}/Images/{image}/Versions/{}", view.meta.name);
        let properties = SharedVersion {
            resource_id: view.meta.resource_id.to_string(),
            published_date: view.meta.created_at.to_rfc3339(),
            end_of_life_date: view.end_of_life.map(|at| at.to_rfc3339()),
        };
        shared(view.meta.name, view.meta.location, &path, properties)
    }
}
