//! Uploads of disk files: announced, sent in pieces, resumable. Vitrine's own.

pub(super) mod append;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
mod wire;

use domain::{Problem, ResourceId};
use uuid::Uuid;

use super::error::ApiResult;

pub(super) const TAG: &str = "Uploads";

/// The key of the upload that a path names, and the gallery that it is for.
///
/// # Errors
/// `ResourceNotFound` when the name is no upload's.
fn split(id: &ResourceId) -> ApiResult<(ResourceId, Uuid)> {
    let gallery = id.parent();
    let upload = id.name().parse().ok();
    Ok(gallery
        .zip(upload)
        .ok_or_else(|| Problem::not_found("The upload"))?)
}
