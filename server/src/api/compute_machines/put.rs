use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use services::compute::VirtualMachineBody;

use super::wire::Machine;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Asked, Body, Expect};
use crate::api::links::Links;

/// Create a virtual machine and start it, or change its tags.
///
/// It is made from an image version, a definition's latest version, a managed image, or a disk that is there (`Attach`).
/// A generalized image needs an `osProfile`, any other takes none. A new machine is answered at once with 201; the job
/// that makes it is at `Azure-AsyncOperation`. Rules A5, A32, A57.
#[utoipa::path(
    put,
    context_path = COMPUTE_IN_GROUP,
    path = "/virtualMachines/{virtualMachine}",
    tag = super::TAG,
    request_body = VirtualMachineBody,
    responses((status = 200, body = Machine), (status = 201, body = Machine))
)]
pub(crate) async fn virtual_machine_put(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
    links: Links,
    Body(body): Body<VirtualMachineBody>,
) -> ApiResult<Response> {
    match services
        .virtual_machine_get(&ctx, &id)
        .await
        .map_err(ApiError::from)
    {
        Ok(_) => {
            let updated = services
                .virtual_machine_update(&ctx, &id, body.tags(), expect.0.clone())
                .await;
            Ok(Json(Machine::from(expect.judge(updated)?)).into_response())
        }
        Err(refusal) if refusal.is_not_found() => {
            let put = services
                .virtual_machine_put(&ctx, &id, body.create()?, expect.0.clone())
                .await;
            let put = expect.judge(put)?;
            let location = put.value.meta.location.clone();
            let body = Json(Machine::from(put.value));
            match put.job {
                Some(job) => links.started(StatusCode::CREATED, &job, &location, body),
                None => Ok(body.into_response()),
            }
        }
        Err(refusal) => Err(refusal),
    }
}
