//! Domains of the organisation.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod list;
