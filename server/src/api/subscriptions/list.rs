use axum::Json;
use axum::extract::State;
use services::Services;

use super::wire::Subscription;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;
use crate::api::list::{ListResult, whole};

/// List the subscriptions that the caller sees.
#[utoipa::path(get, path = "/subscriptions", tag = super::TAG, responses((status = 200, body = ListResult<Subscription>)))]
pub(crate) async fn subscription_list(
    Caller(ctx): Caller,
    State(services): State<Services>,
) -> ApiResult<Json<ListResult<Subscription>>> {
    Ok(whole(services.subscription_list(&ctx).await?))
}
