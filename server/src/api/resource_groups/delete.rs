use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::api::GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::links::Links;

/// Delete a resource group with all that lies in it.
///
/// An empty one is gone at once (200). Otherwise 202: a job deletes each resource, and then the group; it ends at the first
/// that can't be deleted, and names it.
#[utoipa::path(delete, path = GROUP, tag = super::TAG, responses((status = 200), (status = 202)))]
pub(crate) async fn resource_group_delete(
    Asked { ctx, services, id }: Asked,
    links: Links,
) -> ApiResult<Response> {
    let location = services.resource_group_get(&ctx, &id).await?.meta.location;
    match services.resource_group_delete_all(&ctx, &id).await? {
        Some(job) => links.accepted(&job, &location),
        None => Ok(StatusCode::OK.into_response()),
    }
}
