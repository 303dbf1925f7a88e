use domain::tenant::SubscriptionView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A subscription.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subscription {
    id: String,
    subscription_id: Uuid,
    tenant_id: Uuid,
    display_name: String,
    /// Always `Enabled`: what is switched off is not listed.
    state: &'static str,
}

impl From<SubscriptionView> for Subscription {
    fn from(view: SubscriptionView) -> Self {
        Self {
            id: format!("/subscriptions/{}", view.id),
            subscription_id: view.id,
            tenant_id: view.tenant,
            display_name: view.display_name,
            state: "Enabled",
        }
    }
}

impl Subscription {
    /// The subscription's key.
    pub(crate) fn key(&self) -> Uuid {
        self.subscription_id
    }
}
