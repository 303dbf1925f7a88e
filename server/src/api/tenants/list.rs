use axum::Json;
use axum::extract::State;
use serde::Serialize;
use services::Services;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::error::ApiResult;
use crate::api::extract::Caller;
use crate::api::list::{ListResult, whole};

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tenant {
    id: String,
    tenant_id: Uuid,
    display_name: String,
    /// Always `Home`.
    tenant_category: &'static str,
}

/// List the caller's tenant.
#[utoipa::path(get, path = "/tenants", tag = "Subscriptions", responses((status = 200, body = ListResult<Tenant>)))]
pub(crate) async fn tenant_list(
    Caller(ctx): Caller,
    State(services): State<Services>,
) -> ApiResult<Json<ListResult<Tenant>>> {
    let me = services.me(&ctx).await?;
    let tenant = ctx.tenant();
    Ok(whole([Tenant {
        id: format!("/tenants/{tenant}"),
        tenant_id: tenant,
        display_name: me.tenant_name,
        tenant_category: "Home",
    }]))
}
