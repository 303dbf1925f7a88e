use axum::response::Response;

use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::links::Links;

/// Start a machine.
#[utoipa::path(
    post,
    context_path = LABS_IN_GROUP,
    path = "/labs/{lab}/virtualMachines/{virtualMachine}/start",
    tag = super::TAG,
    responses((status = 202))
)]
pub(crate) async fn machine_start(
    Asked { ctx, services, id }: Asked,
    links: Links,
) -> ApiResult<Response> {
    let machine = super::find(&services, &ctx, &id).await?;
    links.accepted(
        &services.machine_start(&ctx, machine.id).await?,
        &machine.region,
    )
}
