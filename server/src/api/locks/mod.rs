//! Locks: what keeps a resource, and all that lies in it, from being deleted or changed.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod put;
mod wire;

pub(super) const TAG: &str = "Locks";
