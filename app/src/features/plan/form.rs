//! A lab plan as its form sends it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What of a plan can be set at any time; the gallery has forms of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    /// The ticked regions, as keys.
    pub allowed: BTreeMap<String, String>,
    /// Sent when it is on. Rule B6.
    pub replicate: String,
    pub url: String,
    pub email: String,
    pub phone: String,
    pub instructions: String,
    /// Lines of `key=value`.
    pub tags: String,
}

#[cfg(feature = "ssr")]
mod read {
    use domain::plan::{PlanInput, PlanView, SupportInfo};

    use super::PlanForm;
    use crate::features::typed;

    impl PlanForm {
        /// The plan's input; its gallery is what is attached already.
        #[must_use]
        pub fn read(self, location: String, stored: Option<&PlanView>) -> PlanInput {
            let trimmed = |text: String| text.trim().to_owned();
            PlanInput {
                location,
                allowed_regions: self.allowed.into_keys().collect(),
                gallery: stored
                    .and_then(|plan| plan.gallery.as_ref())
                    .map(|gallery| gallery.resource_id.clone()),
                replicate_in_geography: !self.replicate.is_empty(),
                support: SupportInfo {
                    url: trimmed(self.url),
                    email: trimmed(self.email),
                    phone: trimmed(self.phone),
                    instructions: trimmed(self.instructions),
                },
                tags: typed::tags(&self.tags),
            }
        }
    }
}
