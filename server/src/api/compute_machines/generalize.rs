use http::StatusCode;

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Remove a virtual machine's own data: accounts, keys, names. Rule A31.
///
/// The machine must be off, and can't be started again; make images of it. Answers when it is done.
#[utoipa::path(
    post,
    context_path = COMPUTE_IN_GROUP,
    path = "/virtualMachines/{virtualMachine}/generalize",
    tag = super::TAG,
    responses((status = 200))
)]
pub(crate) async fn virtual_machine_generalize(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<StatusCode> {
    services.virtual_machine_generalize(&ctx, &id).await?;
    Ok(StatusCode::OK)
}
