use axum::Json;

use super::wire::Subscription;
use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a subscription.
#[utoipa::path(get, path = SUBSCRIPTION, tag = super::TAG, responses((status = 200, body = Subscription)))]
pub(crate) async fn subscription_get(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<Subscription>> {
    Ok(Json(super::visible(&services, &ctx, &id).await?))
}
