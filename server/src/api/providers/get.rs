use axum::Json;
use axum::extract::Path;

use super::wire::Provider;
use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::subscriptions;

/// Show a resource provider and its kinds of resource.
#[utoipa::path(
    get,
    context_path = SUBSCRIPTION,
    path = "/providers/{namespace}",
    tag = super::TAG,
    responses((status = 200, body = Provider))
)]
pub(crate) async fn provider_get(
    Asked { ctx, services, id }: Asked,
    Path((_, namespace)): Path<(String, String)>,
) -> ApiResult<Json<Provider>> {
    subscriptions::visible(&services, &ctx, &id).await?;
    Ok(Json(Provider::find(
        &id,
        &namespace,
        &services.settings().regions,
    )?))
}
