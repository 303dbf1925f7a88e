//! Image definitions. Rules A9-A24.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
mod parts;
pub(super) mod patch;
pub(super) mod put;
mod wire;

pub(super) const TAG: &str = "Image definitions";
