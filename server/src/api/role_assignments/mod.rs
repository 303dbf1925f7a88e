//! Role assignments: who may do what where.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod put;
mod wire;

use domain::tenant::RoleAssignmentView;
use domain::{OpContext, Problem};
use services::Services;

use super::error::ApiResult;

pub(super) const TAG: &str = "Role assignments";

/// Finds an assignment by its name, among those that hold at the scope.
///
/// # Errors
/// `ResourceNotFound` when none of that name holds there.
async fn find(
    services: &Services,
    ctx: &OpContext,
    scope: &str,
    name: &str,
) -> ApiResult<RoleAssignmentView> {
    let assignments = services.role_assignment_list(ctx, scope).await?;
    let found = assignments
        .into_iter()
        .find(|assignment| name.eq_ignore_ascii_case(&assignment.id.to_string()));
    Ok(found.ok_or_else(|| Problem::not_found("The role assignment"))?)
}
