use axum::Json;

use super::wire::Provider;
use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::list::{ListResult, whole};
use crate::api::subscriptions;

/// List the resource providers.
#[utoipa::path(
    get,
    context_path = SUBSCRIPTION,
    path = "/providers",
    tag = super::TAG,
    responses((status = 200, body = ListResult<Provider>))
)]
pub(crate) async fn provider_list(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<ListResult<Provider>>> {
    subscriptions::visible(&services, &ctx, &id).await?;
    Ok(whole(Provider::all(&id, &services.settings().regions)))
}
