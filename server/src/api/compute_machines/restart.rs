use axum::response::Response;

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::links::Links;

/// Stop a virtual machine and start it again.
///
/// `Conflict` when it was generalized.
#[utoipa::path(
    post,
    context_path = COMPUTE_IN_GROUP,
    path = "/virtualMachines/{virtualMachine}/restart",
    tag = super::TAG,
    responses((status = 202))
)]
pub(crate) async fn virtual_machine_restart(
    Asked { ctx, services, id }: Asked,
    links: Links,
) -> ApiResult<Response> {
    let machine = services.virtual_machine_get(&ctx, &id).await?;
    let job = services.virtual_machine_restart(&ctx, &id).await?;
    links.accepted(&job, &machine.meta.location)
}
