//! Lab plans.

pub(super) mod catalog;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod patch;
pub(super) mod put;
pub(super) mod save_image;
mod wire;

pub(super) const TAG: &str = "Lab plans";
