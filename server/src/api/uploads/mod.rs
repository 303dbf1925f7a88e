//! Uploads of disk files: announced, sent in pieces, resumable. Vitrine's own.

pub(super) mod append;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
mod wire;

use domain::upload::UploadView;
use domain::{OpContext, Problem, ResourceId};
use services::Services;
use uuid::Uuid;

use super::error::ApiResult;

pub(super) const TAG: &str = "Uploads";

/// The upload that a path names; one of another gallery is not found there.
///
/// # Errors
/// `ResourceNotFound` when the name is no upload's.
async fn find(services: &Services, ctx: &OpContext, id: &ResourceId) -> ApiResult<UploadView> {
    let missing = || Problem::not_found("The upload");
    let key: Uuid = id.name().parse().map_err(|_| missing())?;
    let upload = services.upload_get(ctx, key).await?;
    let is_here = id
        .parent()
        .is_some_and(|gallery| gallery.key() == upload.gallery_resource_id.key());
    if is_here {
        Ok(upload)
    } else {
        Err(missing().into())
    }
}
