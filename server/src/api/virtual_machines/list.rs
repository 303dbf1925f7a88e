use axum::Json;

use super::wire::VirtualMachine;
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::list::{ListResult, whole};

/// List a lab's machines.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labs/{lab}/virtualMachines",
    tag = super::TAG,
    responses((status = 200, body = ListResult<VirtualMachine>))
)]
pub(crate) async fn machine_list(
    Asked {
        ctx,
        services,
        id: lab,
    }: Asked,
) -> ApiResult<Json<ListResult<VirtualMachine>>> {
    Ok(whole(services.lab_get(&ctx, &lab).await?.template))
}
