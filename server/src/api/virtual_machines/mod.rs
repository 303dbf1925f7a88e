//! A lab's machines: now its template VM.

pub(super) mod get;
pub(super) mod list;
pub(super) mod start;
pub(super) mod stop;
mod wire;

use domain::machine::MachineView;
use domain::{OpContext, Problem, ResourceId};
use services::Services;

use super::error::ApiResult;

pub(super) const TAG: &str = "Virtual machines";

/// Finds a lab's machine by the name in its path.
///
/// # Errors
/// `ResourceNotFound` when the lab has no machine of that name.
async fn find(services: &Services, ctx: &OpContext, id: &ResourceId) -> ApiResult<MachineView> {
    let absent = || Problem::not_found("The machine");
    let lab = services
        .lab_get(ctx, &id.parent().ok_or_else(absent)?)
        .await?;
    let machine = lab
        .template
        .filter(|machine| machine.name.eq_ignore_ascii_case(id.name()));
    Ok(machine.ok_or_else(absent)?)
}
