//! Service principals: applications in the caller's tenant.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::tenant::PrincipalKind;
use serde::Deserialize;
use serde_json::Value;
use services::Services;
use uuid::Uuid;

use super::error::{Caller, GraphError, GraphResult};
use super::filter::ListQuery;
use super::users::{by_display_name, find, of_kind, one};
use super::wire;

/// All of them, by application id or by display name.
pub(super) async fn list(
    caller: Caller,
    State(services): State<Services>,
    Query(query): Query<ListQuery>,
) -> GraphResult<Json<Value>> {
    let mut tests = query.tests()?;
    let mut wanted = of_kind(PrincipalKind::ServicePrincipal);
    wanted.user_name = tests
        .equal("servicePrincipalNames")
        .or_else(|| tests.equal("appId"));
    by_display_name(&mut wanted, tests.take("displayName"));
    tests.done()?;
    let found = find(&caller, &services, wanted).await?;
    Ok(Json(wire::list(found.iter().map(wire::service_principal))))
}

/// One, by object id.
pub(super) async fn get(
    caller: Caller,
    State(services): State<Services>,
    Path(name): Path<String>,
) -> GraphResult<Json<Value>> {
    let mut wanted = of_kind(PrincipalKind::ServicePrincipal);
    wanted.ids = Some(name.parse().ok().into_iter().collect());
    one(&caller, &services, wanted, &name)
        .await
        .map(|who| Json(wire::service_principal(&who)))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct New {
    app_id: Uuid,
}

/// Admits an application to the tenant.
pub(super) async fn create(
    caller: Caller,
    State(services): State<Services>,
    body: Result<Json<New>, JsonRejection>,
) -> GraphResult<(StatusCode, Json<Value>)> {
    let Json(new) = body?;
    let made = services
        .service_principal_create(&caller.0, new.app_id)
        .await
        .map_err(|error| caller.refuse(error))?;
    let who = services
        .directory_get(&caller.0, made.id)
        .await
        .map_err(|error| caller.refuse(error))?;
    Ok((StatusCode::CREATED, Json(wire::service_principal(&who))))
}

/// Sends an application away.
pub(super) async fn delete(
    caller: Caller,
    State(services): State<Services>,
    Path(name): Path<String>,
) -> GraphResult<StatusCode> {
    let id = name.parse().map_err(|_| GraphError::unknown_path(&name))?;
    services
        .service_principal_delete(&caller.0, id)
        .await
        .map_err(|error| caller.refuse(error))?;
    Ok(StatusCode::NO_CONTENT)
}
