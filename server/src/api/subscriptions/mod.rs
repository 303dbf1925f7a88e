//! Subscriptions: what limits count in.

pub(super) mod get;
pub(super) mod list;
mod wire;

use domain::{OpContext, Problem, ResourceId};
use services::Services;
use wire::Subscription;

use super::error::ApiResult;

pub(super) const TAG: &str = "Subscriptions";

/// The subscription of the path, when the caller sees it: what lies in it by configuration needs no more.
///
/// # Errors
/// `ResourceNotFound` when the caller sees no such subscription.
pub(super) async fn visible(
    services: &Services,
    ctx: &OpContext,
    id: &ResourceId,
) -> ApiResult<Subscription> {
    let name = id.segment("subscriptions").unwrap_or_default();
    let subscriptions = services.subscription_list(ctx).await?;
    let found = subscriptions
        .into_iter()
        .find(|subscription| name.eq_ignore_ascii_case(&subscription.id.to_string()));
    Ok(found
        .map(Subscription::from)
        .ok_or_else(|| Problem::not_found("The subscription"))?)
}
