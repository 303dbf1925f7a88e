use axum::response::Response;

use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::links::Links;

/// Stop a machine: it is asked to shut down, and switched off when it does not.
#[utoipa::path(
    post,
    context_path = LABS_IN_GROUP,
    path = "/labs/{lab}/virtualMachines/{virtualMachine}/stop",
    tag = super::TAG,
    responses((status = 202))
)]
pub(crate) async fn machine_stop(
    Asked { ctx, services, id }: Asked,
    links: Links,
) -> ApiResult<Response> {
    let machine = super::find(&services, &ctx, &id).await?;
    links.accepted(
        &services.machine_stop(&ctx, machine.id).await?,
        &machine.region,
    )
}
