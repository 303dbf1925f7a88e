use axum::Json;
use axum::extract::Path;

use super::wire::Provider;
use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::subscriptions;

/// Register a resource provider, which is registered already.
#[utoipa::path(
    post,
    context_path = SUBSCRIPTION,
    path = "/providers/{namespace}/register",
    tag = super::TAG,
    responses((status = 200, body = Provider))
)]
pub(crate) async fn provider_register(
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
