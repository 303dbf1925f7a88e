//! Who may do what: the roles given at a scope and above it.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod check;
#[cfg(feature = "ssr")]
pub mod give;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod panel;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
mod scope;
#[cfg(feature = "ssr")]
pub mod table;

#[cfg(feature = "ssr")]
pub(crate) use {
    give::{People, PersonInput},
    queries::{offered, principal as principal_named},
};
#[cfg(feature = "ssr")]
pub use {
    page::{AccessPage, access_to},
    panel::AccessPanel,
    scope::Scope,
    table::{glyph, kind},
};
