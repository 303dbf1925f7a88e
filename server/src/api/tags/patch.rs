use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::{TagBody, TagSet};
use crate::api::error::ApiResult;
use crate::api::extract::{Body, Caller};

/// Add to the tags of a resource or resource group, replace them, or take some away.
#[utoipa::path(
    patch,
    path = "/{scope}/providers/Microsoft.Resources/tags/default",
    tag = super::TAG,
    request_body = TagBody,
    responses((status = 200, body = TagSet))
)]
pub(crate) async fn tags_update(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path(scope): Path<String>,
    Body(body): Body<TagBody>,
) -> ApiResult<Json<TagSet>> {
    let id = super::resource(&scope)?;
    let before = services.tags_get(&ctx, &id).await?;
    let tags = services.tags_put(&ctx, &id, &body.over(before)?).await?;
    Ok(Json(TagSet::new(&id, tags)))
}
