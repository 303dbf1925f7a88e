use std::collections::BTreeMap;

use axum::extract::{Path, State};
use http::StatusCode;
use services::Services;

use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Take all tags of a resource or resource group away.
#[utoipa::path(
    delete,
    path = "/{scope}/providers/Microsoft.Resources/tags/default",
    tag = super::TAG,
    responses((status = 200))
)]
pub(crate) async fn tags_delete(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path(scope): Path<String>,
) -> ApiResult<StatusCode> {
    let id = super::resource(&scope)?;
    services.tags_put(&ctx, &id, &BTreeMap::new()).await?;
    Ok(StatusCode::OK)
}
