use axum::Json;
use axum::extract::State;
use services::Services;

use super::wire::VirtualMachine;
use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Resource};
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
    Caller(ctx): Caller,
    State(services): State<Services>,
    Resource(lab): Resource,
) -> ApiResult<Json<ListResult<VirtualMachine>>> {
    Ok(whole(services.lab_get(&ctx, &lab).await?.template))
}
