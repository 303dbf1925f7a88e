use http::StatusCode;

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Expect};
use crate::api::resource_groups::absent;

/// Delete an empty gallery.
///
/// `ResourceInUse` while it holds images or a lab plan uses it. Answers 204 when there is none.
#[utoipa::path(
    delete,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}",
    tag = super::TAG,
    responses((status = 200), (status = 204))
)]
pub(crate) async fn gallery_delete(
    Asked { ctx, services, id }: Asked,
    expect: Expect,
) -> ApiResult<StatusCode> {
    let deleted = services.gallery_delete(&ctx, &id, expect.0.clone()).await;
    match expect.judge(deleted) {
        Ok(()) => Ok(StatusCode::OK),
        Err(refusal) => absent(&services, &ctx, &id, refusal).await,
    }
}
