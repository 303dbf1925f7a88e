//! Virtual machines that belong to no lab.

pub(super) mod deallocate;
pub(super) mod delete;
pub(super) mod generalize;
pub(super) mod get;
pub(super) mod instance_view;
pub(super) mod list;
pub(super) mod patch;
pub(super) mod put;
pub(super) mod restart;
pub(super) mod sizes;
pub(super) mod start;
pub(super) mod stop;
mod wire;

/// Beside “Virtual machines”, which are those of labs.
pub(super) const TAG: &str = "Machines without a lab";
