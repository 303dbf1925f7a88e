use domain::Problem;
use domain::image::{HyperVGeneration, ImageInput, ImageView, OsState, OsType};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::parts::{Disallowed, ImageIdentifier, Purchase, Range, RecommendedSizes};
use crate::api::wire::{Reading, Tags, Tracked, filled};

/// An image definition.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Image {
    #[serde(flatten)]
    resource: Tracked,
    properties: ImageProperties,
}

/// An image definition's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageProperties {
    #[serde(flatten)]
    given: ImageSettings,
    /// Always `Succeeded`: a definition is made at once.
    provisioning_state: &'static str,
    /// Always `x64`.
    architecture: &'static str,
}

/// What of an image definition is given at creation.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageSettings {
    /// `Linux` or `Windows`. Rule A14.
    os_type: Option<String>,
    /// `Generalized` or `Specialized`. Rule A13.
    os_state: Option<String>,
    /// `V1` for BIOS, `V2` for UEFI. Rule A15.
    #[serde(rename = "hyperVGeneration")]
    hyper_v_generation: Option<String>,
    /// Unique in the gallery. Rule A10.
    identifier: Option<ImageIdentifier>,
    /// Why the image exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Address of the licence agreement.
    #[serde(skip_serializing_if = "Option::is_none")]
    eula: Option<String>,
    /// Address of the privacy statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    privacy_statement_uri: Option<String>,
    /// Address of the release notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    release_note_uri: Option<String>,
    /// After this the image is not offered for new labs. Rule A20.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_of_life_date: Option<String>,
    /// Recommended sizes. Rule A22.
    #[serde(skip_serializing_if = "Option::is_none")]
    recommended: Option<RecommendedSizes>,
    /// What machines of the image must not have. Rule A23.
    #[serde(skip_serializing_if = "Option::is_none")]
    disallowed: Option<Disallowed>,
    /// What machines of the image are bought under, when it came from a marketplace. Rule A24.
    #[serde(skip_serializing_if = "Option::is_none")]
    purchase_plan: Option<Purchase>,
}

impl From<ImageView> for Image {
    fn from(view: ImageView) -> Self {
        Self {
            resource: Tracked::new(view.meta, "Microsoft.Compute/galleries/images"),
            properties: ImageProperties {
                given: view.properties.into(),
                provisioning_state: "Succeeded",
                architecture: "x64",
            },
        }
    }
}

impl From<ImageInput> for ImageSettings {
    fn from(input: ImageInput) -> Self {
        let sizes = RecommendedSizes {
            vcpus: Range::shown(input.recommended_vcpus),
            memory: Range::shown(input.recommended_memory),
        };
        Self {
            os_type: Some(input.os_type.to_string()),
            os_state: Some(input.os_state.to_string()),
            hyper_v_generation: Some(input.hyper_v_generation.to_string()),
            identifier: Some(ImageIdentifier {
                publisher: Some(input.publisher),
                offer: Some(input.offer),
                sku: Some(input.sku),
            }),
            description: filled(input.description),
            eula: filled(input.eula),
            privacy_statement_uri: filled(input.privacy_statement_uri),
            release_note_uri: filled(input.release_note_uri),
            end_of_life_date: input
                .end_of_life
                .map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
            disallowed: Disallowed::shown(&input.disallowed_disk_types),
            purchase_plan: input.purchase_plan.map(Purchase::from),
            recommended: (sizes.vcpus.is_some() || sizes.memory.is_some()).then_some(sizes),
        }
    }
}

/// What an image definition is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct ImageBody {
    /// A region's name.
    location: Option<String>,
    /// Free labels.
    tags: Option<Tags>,
    properties: Option<ImageSettings>,
}

impl TryFrom<ImageBody> for ImageInput {
    type Error = Problem;

    fn try_from(body: ImageBody) -> Result<Self, Problem> {
        let given = body.properties.unwrap_or_default();
        let identifier = given.identifier.unwrap_or_default();
        let sizes = given.recommended.unwrap_or_default();
        let mut reading = Reading::default();
        let os_type = reading.word(
            "osType",
            given.os_type.as_deref(),
            OsType::parse,
            "Linux, Windows",
        );
        let os_type = reading.required("osType", os_type);
        let os_state = reading.word(
            "osState",
            given.os_state.as_deref(),
            OsState::parse,
            "Generalized, Specialized",
        );
        let os_state = reading.required("osState", os_state);
        let generation = reading.word(
            "hyperVGeneration",
            given.hyper_v_generation.as_deref(),
            HyperVGeneration::parse,
            "V1, V2",
        );
        let end_of_life = reading.date("endOfLifeDate", given.end_of_life_date.as_deref());
        let disallowed_disk_types = Disallowed::read(given.disallowed, &mut reading);
        let fallback = Self::default();
        reading.done(Self {
            location: body.location.unwrap_or_default(),
            os_type: os_type.unwrap_or(fallback.os_type),
            os_state: os_state.unwrap_or(fallback.os_state),
            hyper_v_generation: generation.unwrap_or_default(),
            publisher: identifier.publisher.unwrap_or_default(),
            offer: identifier.offer.unwrap_or_default(),
            sku: identifier.sku.unwrap_or_default(),
            description: given.description.unwrap_or_default(),
            eula: given.eula.unwrap_or_default(),
            privacy_statement_uri: given.privacy_statement_uri.unwrap_or_default(),
            release_note_uri: given.release_note_uri.unwrap_or_default(),
            end_of_life,
            recommended_vcpus: Range::read(sizes.vcpus),
            recommended_memory: Range::read(sizes.memory),
            disallowed_disk_types,
            purchase_plan: Purchase::read(given.purchase_plan),
            tags: Tags::given(body.tags).unwrap_or_default(),
        })
    }
}

impl ImageBody {
    /// The whole definition, with what the body leaves out taken from what is there.
    pub(super) fn over(self, stored: ImageInput) -> Self {
        let (location, tags) = (stored.location.clone(), stored.tags.clone());
        let old = ImageSettings::from(stored);
        let new = self.properties.unwrap_or_default();
        Self {
            location: self.location.or(Some(location)),
            tags: Some(Tags(Some(Tags::given(self.tags).unwrap_or(tags)))),
            properties: Some(ImageSettings {
                os_type: new.os_type.or(old.os_type),
                os_state: new.os_state.or(old.os_state),
                hyper_v_generation: new.hyper_v_generation.or(old.hyper_v_generation),
                identifier: new.identifier.or(old.identifier),
                description: new.description.or(old.description),
                eula: new.eula.or(old.eula),
                privacy_statement_uri: new.privacy_statement_uri.or(old.privacy_statement_uri),
                release_note_uri: new.release_note_uri.or(old.release_note_uri),
                end_of_life_date: new.end_of_life_date.or(old.end_of_life_date),
                recommended: new.recommended.or(old.recommended),
                disallowed: new.disallowed.or(old.disallowed),
                purchase_plan: new.purchase_plan.or(old.purchase_plan),
            }),
        }
    }
}
