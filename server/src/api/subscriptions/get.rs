use axum::Json;
use axum::extract::State;
use services::Services;

use super::wire::Subscription;
use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Resource};

/// Show a subscription.
#[utoipa::path(get, path = SUBSCRIPTION, tag = super::TAG, responses((status = 200, body = Subscription)))]
pub(crate) async fn subscription_get(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
) -> ApiResult<Json<Subscription>> {
    Ok(Json(super::visible(&services, &ctx, &id).await?))
}
