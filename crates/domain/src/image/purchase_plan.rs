//! What an image from a marketplace is bought under. Rule A24.

use serde::{Deserialize, Serialize};

use crate::name;
use crate::violation::Violation;

/// The plan of the marketplace that the image came from; whoever makes a machine of it must name the same. Rule A24.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PurchasePlan {
    /// Who sells it.
    pub publisher: String,
    /// What is sold.
    pub product: String,
    /// Under which of its plans.
    pub name: String,
}

impl PurchasePlan {
    /// The plan of these parts; none when all are empty.
    #[must_use]
    pub fn given(publisher: &str, product: &str, name: &str) -> Option<Self> {
        let plan = Self {
            publisher: publisher.trim().to_owned(),
            product: product.trim().to_owned(),
            name: name.trim().to_owned(),
        };
        (plan != Self::default()).then_some(plan)
    }

    /// All rules that the plan breaks: it needs all three parts, and each is built like a part of the triple.
    #[must_use]
    pub fn check(&self) -> Vec<Violation> {
        [
            ("purchasePlanPublisher", &self.publisher),
            ("purchasePlanProduct", &self.product),
            ("purchasePlanName", &self.name),
        ]
        .into_iter()
        .flat_map(|(target, part)| name::TRIPLE.check(target, part))
        .collect()
    }
}
