use axum::response::{IntoResponse, Response};

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Asked, Expect};
use crate::api::links::Links;
use crate::api::resource_groups::absent;

/// Delete a virtual machine.
///
/// Its disks stay, but for those with the delete option `Delete`. Answers 202, with the end at `Location`, and 204 when
/// there is none.
#[utoipa::path(
    delete,
    context_path = COMPUTE_IN_GROUP,
    path = "/virtualMachines/{virtualMachine}",
    tag = super::TAG,
    responses((status = 202), (status = 204))
)]
pub(crate) async fn virtual_machine_delete(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    links: Links,
) -> ApiResult<Response> {
    let found = match services
        .virtual_machine_get(&ctx, &id)
        .await
        .map_err(ApiError::from)
    {
        Ok(found) => found,
        Err(refusal) => return Ok(absent(&services, &ctx, &id, refusal).await?.into_response()),
    };
    let deleted = services
        .virtual_machine_delete(&ctx, &id, expect.0.clone())
        .await;
    links.accepted(&expect.judge(deleted)?, &found.meta.location)
}
