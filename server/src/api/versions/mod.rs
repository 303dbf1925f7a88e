//! Image versions. Rules A25-A29.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod list_deleted;
pub(super) mod patch;
pub(super) mod put;
mod read;
mod wire;

pub(super) const TAG: &str = "Image versions";
