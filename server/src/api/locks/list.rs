use axum::Json;
use axum::extract::{Path, State};
use services::Services;

use super::wire::Lock;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, unknown_filter};

/// List the locks at a scope and below it.
///
/// `$filter` takes `atScope()`, which lists those that hold at the scope: at it and above.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Authorization/locks",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<Lock>))
)]
pub(crate) async fn lock_list(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path(scope): Path<String>,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Lock>>> {
    let inherited = match query.filter() {
        None => false,
        Some(text) if text.eq_ignore_ascii_case("atScope()") => true,
        Some(text) => return Err(unknown_filter(text, "atScope()").into()),
    };
    let locks = services.lock_list(&ctx, &scope, inherited).await?;
    query.cut(locks.into_iter().map(Lock::from), &links)
}
