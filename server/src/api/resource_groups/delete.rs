use axum::extract::State;
use http::StatusCode;
use services::Services;

use crate::api::GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Resource};

/// Delete an empty resource group.
///
/// `ResourceInUse` while something lies in it.
#[utoipa::path(delete, path = GROUP, tag = super::TAG, responses((status = 200)))]
pub(crate) async fn resource_group_delete(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
) -> ApiResult<StatusCode> {
    services.resource_group_delete(&ctx, &id).await?;
    Ok(StatusCode::OK)
}
