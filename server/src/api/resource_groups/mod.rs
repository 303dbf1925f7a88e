//! Resource groups: folders that rights can be given at.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod head;
pub(super) mod list;
pub(super) mod move_resources;
pub(super) mod patch;
pub(super) mod put;
mod wire;

use domain::{OpContext, ResourceId};
use http::StatusCode;
use services::Services;

use super::error::{ApiError, ApiResult};

pub(super) const TAG: &str = "Resource groups";

/// The answer to the deletion of what is not there: 204 inside a group that the caller sees, else the refusal itself.
///
/// # Errors
/// The refusal, unless it says `ResourceNotFound` and the group is visible.
pub(super) async fn absent(
    services: &Services,
    ctx: &OpContext,
    id: &ResourceId,
    refusal: ApiError,
) -> ApiResult<StatusCode> {
    let (Some(subscription), Some(group)) =
        (id.segment("subscriptions"), id.segment("resourceGroups"))
    else {
        return Err(refusal);
    };
    let group = ResourceId::resource_group(subscription, group);
    if refusal.is_not_found() && services.resource_group_get(ctx, &group).await.is_ok() {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(refusal)
    }
}
