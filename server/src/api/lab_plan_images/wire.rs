use domain::ResourceId;
use domain::plan::PlanImageView;
use domain::{Problem, Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::error::ErrorDetail;
use crate::api::wire::Reading;

/// An image of the plan's gallery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanImage {
    id: String,
    name: String,
    r#type: &'static str,
    properties: PlanImageProperties,
}

/// The plan's switch, and what the image is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanImageProperties {
    /// `Enabled` or `Disabled`.
    enabled_state: &'static str,
    /// Always `Succeeded`.
    provisioning_state: &'static str,
    display_name: String,
    os_type: String,
    os_state: String,
    /// The purchase plan that the image came under, when there is one. Rule A24.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// The newest version; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// The image definition in the gallery.
    shared_gallery_id: String,
    /// Why no lab can use it although it is enabled. Vitrine's own.
    reasons: Vec<ErrorDetail>,
}

impl PlanImage {
    /// An image, as a child of its plan.
    pub(super) fn new(plan: &ResourceId, view: PlanImageView) -> Self {
        let name = if view.shared {
            view.id.to_string()
        } else {
            view.name.clone()
        };
        Self {
            id: plan.child("images", &name).to_string(),
            r#type: "Microsoft.LabServices/labPlans/images",
            properties: PlanImageProperties {
                enabled_state: if view.enabled { "Enabled" } else { "Disabled" },
                provisioning_state: "Succeeded",
                display_name: view.name,
                os_type: view.os_type.to_string(),
                os_state: view.os_state.to_string(),
                plan: view.purchase_plan.map(|plan| plan.name),
                version: view.latest.map(|version| version.to_string()),
                shared_gallery_id: view.resource_id.to_string(),
                reasons: view.reasons.iter().map(ErrorDetail::from).collect(),
            },
            name,
        }
    }
}

/// What an image of a plan is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct PlanImageBody {
    properties: Option<PlanImageSwitch>,
}

/// The plan's switch.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanImageSwitch {
    /// `Enabled` or `Disabled`.
    enabled_state: Option<String>,
}

impl PlanImageBody {
    /// Whether labs may use the image.
    ///
    /// # Errors
    /// A word that is missing or is neither.
    pub(super) fn enabled(self) -> Result<bool, Problem> {
        const TARGET: &str = "enabledState";
        let state = self.properties.and_then(|switch| switch.enabled_state);
        match state.as_deref() {
            Some(word) if word.eq_ignore_ascii_case("Enabled") => Ok(true),
            Some(word) if word.eq_ignore_ascii_case("Disabled") => Ok(false),
            Some(word) => Err(Problem::from_violations(vec![
                Violation::new(Rule::UnknownChoice, TARGET)
                    .with("value", word)
                    .with("allowed", "Enabled, Disabled"),
            ])),
            None => {
                let mut reading = Reading::default();
                reading.required::<()>(TARGET, None);
                reading.done(false)
            }
        }
    }
}
