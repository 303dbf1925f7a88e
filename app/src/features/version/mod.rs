//! Image versions: where they come from, where their copies are, and what they cost.

pub mod actions;
#[cfg(feature = "ssr")]
mod copy;
#[cfg(feature = "ssr")]
mod overview;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
mod regions;
#[cfg(feature = "ssr")]
mod settings;

#[cfg(feature = "ssr")]
pub use page::VersionPage;
