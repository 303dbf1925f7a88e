use axum::Json;

use super::wire::InstanceView;
use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;

/// Show whether a virtual machine runs.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/virtualMachines/{virtualMachine}/instanceView",
    tag = super::TAG,
    responses((status = 200, body = InstanceView))
)]
pub(crate) async fn virtual_machine_instance_view(
    Asked { ctx, services, id }: Asked,
) -> ApiResult<Json<InstanceView>> {
    let machine = services.virtual_machine_get(&ctx, &id).await?;
    Ok(Json(InstanceView::new(&machine)))
}
