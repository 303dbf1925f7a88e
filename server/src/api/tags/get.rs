use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::TagSet;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Show the tags of a resource or resource group.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Resources/tags/default",
    tag = super::TAG,
    responses((status = 200, body = TagSet))
)]
pub(crate) async fn tags_get(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path(scope): Path<String>,
) -> ApiResult<Json<TagSet>> {
    let id = super::resource(&scope)?;
    let tags = services.tags_get(&ctx, &id).await?;
    Ok(Json(TagSet::new(&id, tags)))
}
