//! Labs.

pub(super) mod delete;
pub(super) mod export_preview;
pub(super) mod get;
pub(super) mod list;
pub(super) mod patch;
pub(super) mod put;
mod wire;

pub(super) const TAG: &str = "Labs";
