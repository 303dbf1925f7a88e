use domain::plan::{PlanInput, PlanView, SupportInfo};
use domain::{Problem, ResourceId, Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::wire::{Reading, Tags, Tracked, filled};

/// A lab plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabPlan {
    #[serde(flatten)]
    resource: Tracked,
    properties: LabPlanProperties,
}

/// A lab plan's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LabPlanProperties {
    #[serde(flatten)]
    given: LabPlanSettings,
    /// Always `Succeeded`: a plan is made at once.
    provisioning_state: &'static str,
}

/// What of a lab plan can be written.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LabPlanSettings {
    /// Regions that labs may be created in; the plan's own when empty.
    allowed_regions: Option<Vec<String>>,
    /// The attached gallery. An empty text detaches it.
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_gallery_id: Option<String>,
    /// Exports are copied to the other regions of the geography; on when absent. Rule B6. Vitrine's own.
    replicate_in_geography: Option<bool>,
    /// Whom to ask.
    support_info: Option<Support>,
}

/// Whom students and teachers ask.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct Support {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<String>,
}

impl From<SupportInfo> for Support {
    fn from(info: SupportInfo) -> Self {
        Self {
            url: filled(info.url),
            email: filled(info.email),
            phone: filled(info.phone),
            instructions: filled(info.instructions),
        }
    }
}

impl From<Support> for SupportInfo {
    fn from(support: Support) -> Self {
        Self {
            url: support.url.unwrap_or_default(),
            email: support.email.unwrap_or_default(),
            phone: support.phone.unwrap_or_default(),
            instructions: support.instructions.unwrap_or_default(),
        }
    }
}

impl From<PlanView> for LabPlan {
    fn from(view: PlanView) -> Self {
        let given = LabPlanSettings {
            allowed_regions: Some(view.allowed_regions),
            shared_gallery_id: view.gallery.map(|gallery| gallery.resource_id.to_string()),
            replicate_in_geography: Some(view.replicate_in_geography),
            support_info: Some(view.support.into()),
        };
        Self {
            resource: Tracked::new(view.meta, "Microsoft.LabServices/labPlans"),
            properties: LabPlanProperties {
                given,
                provisioning_state: "Succeeded",
            },
        }
    }
}

/// What a lab plan is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct LabPlanBody {
    /// A region's name.
    location: Option<String>,
    /// Free labels.
    tags: Option<Tags>,
    properties: Option<LabPlanSettings>,
}

impl TryFrom<LabPlanBody> for PlanInput {
    type Error = Problem;

    fn try_from(body: LabPlanBody) -> Result<Self, Problem> {
        let given = body.properties.unwrap_or_default();
        let mut reading = Reading::default();
        let gallery = given.shared_gallery_id.and_then(filled);
        let gallery = gallery.and_then(|text| match ResourceId::parse(&text) {
            Ok(id) => Some(id),
            Err(_) => {
                let allowed = "the id of a gallery";
                reading.refuse(
                    Violation::new(Rule::UnknownChoice, "sharedGalleryId")
                        .with("value", text)
                        .with("allowed", allowed),
                );
                None
            }
        });
        reading.done(Self {
            location: body.location.unwrap_or_default(),
            allowed_regions: given.allowed_regions.unwrap_or_default(),
            gallery,
            replicate_in_geography: given.replicate_in_geography.unwrap_or(true),
            support: given.support_info.unwrap_or_default().into(),
            tags: Tags::given(body.tags).unwrap_or_default(),
        })
    }
}

impl LabPlanBody {
    /// The whole plan, with what the body leaves out taken from what is there.
    pub(super) fn over(self, view: PlanView) -> Self {
        let new = self.properties.unwrap_or_default();
        Self {
            location: Some(view.meta.location),
            tags: Some(Tags(Some(Tags::given(self.tags).unwrap_or(view.meta.tags)))),
            properties: Some(LabPlanSettings {
                allowed_regions: new.allowed_regions.or(Some(view.allowed_regions)),
                shared_gallery_id: new
                    .shared_gallery_id
                    .or(view.gallery.map(|gallery| gallery.resource_id.to_string())),
                replicate_in_geography: new
                    .replicate_in_geography
                    .or(Some(view.replicate_in_geography)),
                support_info: new.support_info.or(Some(view.support.into())),
            }),
        }
    }
}
