use axum::Json;

use super::wire::VirtualMachine;
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show a lab's machine.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labs/{lab}/virtualMachines/{virtualMachine}",
    tag = super::TAG,
    responses((status = 200, body = VirtualMachine))
)]
pub(crate) async fn machine_get(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<VirtualMachine>> {
    let machine = super::find(&services, &ctx, &id).await?;
    Ok(Json(services.machine_get(&ctx, machine.id).await?.into()))
}
