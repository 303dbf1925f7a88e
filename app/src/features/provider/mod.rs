//! Identity providers of the organisation.

pub mod actions;
pub mod form;
#[cfg(feature = "ssr")]
pub mod groups;
#[cfg(feature = "ssr")]
pub mod list;
#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub use page::{NewProviderPage, ProviderPage};
