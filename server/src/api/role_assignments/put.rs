use axum::Json;
use axum::extract::{Path, State};
use domain::{Code, Rule, Violation};
use http::StatusCode;
use services::Services;

use super::wire::{RoleAssignment, RoleAssignmentBody};
use crate::api::created;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Body, Caller};

/// Assign a role at a scope.
///
/// The caller invents the assignment's name, a UUID. `RoleAssignmentExists` when the principal has the role there.
#[utoipa::path(
    put,
    path = "/{scope}/providers/Microsoft.Authorization/roleAssignments/{assignment}",
    tag = super::TAG,
    request_body = RoleAssignmentBody,
    responses((status = 200, body = RoleAssignment), (status = 201, body = RoleAssignment))
)]
pub(crate) async fn role_assignment_create(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path((scope, name)): Path<(String, String)>,
    Body(body): Body<RoleAssignmentBody>,
) -> ApiResult<(StatusCode, Json<RoleAssignment>)> {
    let id = name.parse().map_err(|_| {
        let violation = Violation::new(Rule::UnknownChoice, "name").with("value", &name);
        ApiError::from(violation.with("allowed", "a UUID of your making"))
    })?;
    let (principal, role) = body.read()?;
    let put = services
        .role_assignment_create(&ctx, id, &scope, principal, role)
        .await;
    // Command-line clients look for this code to print the assignment that is there.
    Ok(created(put.map_err(|error| {
        ApiError::from(error).coded(Code::AlreadyExists, "RoleAssignmentExists")
    })?))
}
