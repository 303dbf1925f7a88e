use axum::Json;
use axum::extract::State;
use services::Services;

use super::wire::VirtualMachine;
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Resource};

/// Show a lab's machine.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labs/{lab}/virtualMachines/{virtualMachine}",
    tag = super::TAG,
    responses((status = 200, body = VirtualMachine))
)]
pub(crate) async fn machine_get(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(id): Resource,
) -> ApiResult<Json<VirtualMachine>> {
    let machine = super::find(&services, &ctx, &id).await?;
    Ok(Json(services.machine_get(&ctx, machine.id).await?.into()))
}
