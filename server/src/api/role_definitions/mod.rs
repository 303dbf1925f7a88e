//! Roles.

pub(super) mod get;
pub(super) mod list;
mod wire;

pub(super) use wire::role_id;

pub(super) const TAG: &str = "Roles";
