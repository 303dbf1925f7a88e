//! Roles: the built-in ones, and those that an organisation defines.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod put;
mod wire;

use domain::Problem;
use uuid::Uuid;

pub(super) use wire::role_id;

pub(super) const TAG: &str = "Roles";

/// The id that stands in the path.
///
/// # Errors
/// `ResourceNotFound` for what is no id: there is no such role.
fn read_id(text: &str) -> Result<Uuid, Problem> {
    text.parse()
        .map_err(|_| Problem::not_found("The role definition"))
}
