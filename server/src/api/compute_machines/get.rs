use axum::Json;
use serde::Deserialize;
use utoipa::IntoParams;

use super::wire::Machine;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};

/// What of a machine is shown besides the usual.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MachineQuery {
    /// `instanceView` adds whether it runs.
    #[serde(rename = "$expand")]
    expand: Option<String>,
}

/// Show a virtual machine.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/virtualMachines/{virtualMachine}",
    tag = super::TAG,
    params(MachineQuery),
    responses((status = 200, body = Machine))
)]
pub(crate) async fn virtual_machine_get(
    Asked { ctx, services, id }: Asked,
    Params(query): Params<MachineQuery>,
) -> ApiResult<Json<Machine>> {
    let machine = services.virtual_machine_get(&ctx, &id).await?;
    let expand = query.expand.unwrap_or_default();
    let mut words = expand.split(',');
    let is_wanted = words.any(|word| word.trim().eq_ignore_ascii_case("instanceView"));
    Ok(Json(if is_wanted {
        Machine::expanded(machine)
    } else {
        machine.into()
    }))
}
