use axum::Json;
use axum::extract::{Path, State};
use http::Uri;
use services::Services;

use super::wire::Operation;
use crate::api::LABS;
use crate::api::error::ApiResult;
use crate::api::extract::Caller;

/// Show how far long work on labs is, by its id alone.
#[utoipa::path(
    get,
    context_path = LABS,
    path = "/operationResults/{operation}",
    tag = super::TAG,
    responses((status = 200, body = Operation))
)]
pub(crate) async fn lab_operation_get(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((subscription, id)): Path<(String, String)>,
    uri: Uri,
) -> ApiResult<Json<Operation>> {
    let job = super::find(&services, &ctx, &subscription, "Microsoft.LabServices", &id).await?;
    Ok(Json(Operation::new(uri.path(), job)))
}
