//! Who may do what: the roles given at a scope and above it.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod check;
#[cfg(feature = "ssr")]
pub mod give;
#[cfg(feature = "ssr")]
pub mod panel;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
mod scope;
#[cfg(feature = "ssr")]
pub mod table;

#[cfg(feature = "ssr")]
pub use {
    panel::AccessPanel,
    scope::Scope,
    table::{glyph, kind},
};
