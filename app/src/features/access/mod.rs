//! Who may do what: the roles given at a scope and above it.

pub mod actions;
#[cfg(feature = "ssr")]
mod check;
#[cfg(feature = "ssr")]
mod give;
#[cfg(feature = "ssr")]
mod panel;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
mod scope;
#[cfg(feature = "ssr")]
mod table;

#[cfg(feature = "ssr")]
pub use {panel::AccessPanel, scope::Scope};
