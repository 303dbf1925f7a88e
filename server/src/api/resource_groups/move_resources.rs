use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body};

/// What is to be moved, and where to.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MoveBody {
    /// Ids of the resources.
    resources: Option<Vec<String>>,
    /// Id of the resource group.
    #[expect(dead_code, reason = "nothing can be moved anywhere")]
    target_resource_group: Option<String>,
}

/// Move resources to another resource group: always refused, with what to do instead. Rules A75, A77.
#[utoipa::path(
    post,
    context_path = GROUP,
    path = "/moveResources",
    tag = super::TAG,
    request_body = MoveBody,
    responses((status = 409))
)]
pub(crate) async fn resource_move(
    Asked { ctx, services, id }: Asked,
    Body(body): Body<MoveBody>,
) -> ApiResult<StatusCode> {
    let resources = body.resources.unwrap_or_default();
    match services.resource_move(&ctx, &id, &resources).await? {}
}
