//! Disks.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod patch;
pub(super) mod put;
mod wire;

pub(super) const TAG: &str = "Disks";
