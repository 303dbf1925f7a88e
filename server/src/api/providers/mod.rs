//! Resource providers: all are there, always registered. ARM rule 8.

pub(super) mod get;
pub(super) mod list;
pub(super) mod register;
mod wire;

pub(super) const TAG: &str = "Providers";
