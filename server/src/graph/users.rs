//! People and groups.

use axum::Json;
use axum::extract::{Path, Query, State};
use domain::tenant::{PrincipalKind, PrincipalView};
use serde_json::Value;
use services::Services;
use services::application::DirectoryQuery;
use uuid::Uuid;

use super::error::{Caller, GraphError, GraphResult};
use super::filter::{ListQuery, Test};
use super::wire;

/// Whoever asks.
pub(super) async fn me(
    caller: Caller,
    State(services): State<Services>,
) -> GraphResult<Json<Value>> {
    let found = services
        .directory_get(&caller.0, caller.0.caller.principal)
        .await;
    let who = found.map_err(|error| caller.refuse(error))?;
    Ok(Json(wire::object(&who)))
}

/// The people of the tenant: all of them, by user name or by display name.
pub(super) async fn list(
    caller: Caller,
    State(services): State<Services>,
    Query(query): Query<ListQuery>,
) -> GraphResult<Json<Value>> {
    let mut tests = query.tests()?;
    let mut wanted = of_kind(PrincipalKind::User);
    wanted.user_name = tests
        .equal("userPrincipalName")
        .or_else(|| tests.equal("mail"));
    by_display_name(&mut wanted, tests.take("displayName"));
    tests.done()?;
    let found = find(&caller, &services, wanted).await?;
    Ok(Json(wire::list(found.iter().map(wire::user))))
}

/// One person, by object id or user name.
pub(super) async fn get(
    caller: Caller,
    State(services): State<Services>,
    Path(name): Path<String>,
) -> GraphResult<Json<Value>> {
    let mut wanted = of_kind(PrincipalKind::User);
    match name.parse::<Uuid>() {
        Ok(id) => wanted.ids = Some(vec![id]),
        Err(_) => wanted.user_name = Some(name.clone()),
    }
    one(&caller, &services, wanted, &name)
        .await
        .map(|who| Json(wire::user(&who)))
}

/// The groups of the tenant: all of them, or by display name.
pub(super) async fn list_groups(
    caller: Caller,
    State(services): State<Services>,
    Query(query): Query<ListQuery>,
) -> GraphResult<Json<Value>> {
    let mut tests = query.tests()?;
    let mut wanted = of_kind(PrincipalKind::Group);
    by_display_name(&mut wanted, tests.take("displayName"));
    tests.done()?;
    let found = find(&caller, &services, wanted).await?;
    Ok(Json(wire::list(found.iter().map(wire::group))))
}

/// One group, by object id.
pub(super) async fn get_group(
    caller: Caller,
    State(services): State<Services>,
    Path(name): Path<String>,
) -> GraphResult<Json<Value>> {
    let mut wanted = of_kind(PrincipalKind::Group);
    wanted.ids = Some(name.parse().ok().into_iter().collect());
    one(&caller, &services, wanted, &name)
        .await
        .map(|who| Json(wire::group(&who)))
}

/// Everything of a kind.
pub(super) fn of_kind(kind: PrincipalKind) -> DirectoryQuery {
    DirectoryQuery {
        kind: Some(kind),
        ..DirectoryQuery::default()
    }
}

/// Narrows by what a filter says of the display name.
pub(super) fn by_display_name(wanted: &mut DirectoryQuery, test: Option<Test>) {
    match test {
        Some(Test::Equals(_, name)) => wanted.display_name = Some(name),
        Some(Test::StartsWith(_, start)) => wanted.display_name_start = Some(start),
        None => {}
    }
}

/// What fits.
///
/// # Errors
/// `Authorization_RequestDenied`.
pub(super) async fn find(
    caller: &Caller,
    services: &Services,
    wanted: DirectoryQuery,
) -> GraphResult<Vec<PrincipalView>> {
    let found = services.directory_find(&caller.0, wanted).await;
    found.map_err(|error| caller.refuse(error))
}

/// The one that fits.
///
/// # Errors
/// `Authorization_RequestDenied`, `Request_ResourceNotFound`.
pub(super) async fn one(
    caller: &Caller,
    services: &Services,
    wanted: DirectoryQuery,
    name: &str,
) -> GraphResult<PrincipalView> {
    let found = find(caller, services, wanted).await?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| GraphError::unknown_path(name))
}
