use axum::Json;
use services::compute::VirtualMachineBody;

use super::wire::Machine;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body, Expect};

/// Change the tags of a virtual machine.
#[utoipa::path(
    patch,
    context_path = COMPUTE_IN_GROUP,
    path = "/virtualMachines/{virtualMachine}",
    tag = super::TAG,
    request_body = VirtualMachineBody,
    responses((status = 200, body = Machine))
)]
pub(crate) async fn virtual_machine_update(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    Body(body): Body<VirtualMachineBody>,
) -> ApiResult<Json<Machine>> {
    let updated = services
        .virtual_machine_update(&ctx, &id, body.tags(), expect.0.clone())
        .await;
    Ok(Json(expect.judge(updated)?.into()))
}
