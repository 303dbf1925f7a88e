//! The tags of any resource, apart from the resource itself.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod patch;
pub(super) mod put;
mod wire;

use domain::{Problem, ResourceId};

use super::error::ApiResult;

pub(super) const TAG: &str = "Tags";

/// The resource that a scope names.
///
/// # Errors
/// `ResourceNotFound` for what is no resource's id.
fn resource(scope: &str) -> ApiResult<ResourceId> {
    Ok(ResourceId::parse(scope).map_err(|_| Problem::not_found("The resource"))?)
}
