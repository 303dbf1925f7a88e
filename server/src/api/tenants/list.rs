use axum::Json;
use axum::extract::State;
use domain::identity::TenantChoice;
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
    default_domain: String,
    /// `Home` for the one that the caller acts in, else `ProjectedBy`.
    tenant_category: &'static str,
}

impl From<TenantChoice> for Tenant {
    fn from(choice: TenantChoice) -> Self {
        Self {
            id: format!("/tenants/{}", choice.tenant),
            tenant_id: choice.tenant,
            display_name: choice.name,
            default_domain: choice.domain,
            tenant_category: if choice.current {
                "Home"
            } else {
                "ProjectedBy"
            },
        }
    }
}

/// List the tenants in which the caller may act.
#[utoipa::path(get, path = "/tenants", tag = "Subscriptions", responses((status = 200, body = ListResult<Tenant>)))]
pub(crate) async fn tenant_list(
    Caller(ctx): Caller,
    State(services): State<Services>,
) -> ApiResult<Json<ListResult<Tenant>>> {
    Ok(whole(services.tenant_choices(&ctx).await?))
}
