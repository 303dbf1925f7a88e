use axum::Json;
use serde::Deserialize;
use utoipa::IntoParams;

use super::wire::Version;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};

/// What of a version is shown besides the usual.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VersionQuery {
    /// `ReplicationStatus` adds how far the copies are.
    #[serde(rename = "$expand")]
    expand: Option<String>,
}

/// Show an image version.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/images/{image}/versions/{version}",
    tag = super::TAG,
    params(VersionQuery),
    responses((status = 200, body = Version))
)]
pub(crate) async fn version_get(
    Asked { ctx, services, id }: Asked,
    Params(query): Params<VersionQuery>,
) -> ApiResult<Json<Version>> {
    let version = services.version_get(&ctx, &id).await?;
    let expand = query.expand.unwrap_or_default();
    let wanted = expand
        .split(',')
        .any(|word| word.trim().eq_ignore_ascii_case("ReplicationStatus"));
    Ok(Json(if wanted {
        Version::expanded(version)
    } else {
        version.into()
    }))
}
