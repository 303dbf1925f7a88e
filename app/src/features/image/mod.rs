//! Image definitions: why an image exists, and what its versions have in common.

pub mod actions;
#[cfg(feature = "ssr")]
mod compare;
#[cfg(feature = "ssr")]
mod deleted;
#[cfg(feature = "ssr")]
pub mod facts;
pub mod form;
#[cfg(feature = "ssr")]
mod inputs;
pub mod judge;
#[cfg(feature = "ssr")]
mod more;
#[cfg(feature = "ssr")]
mod new;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod properties;
#[cfg(feature = "ssr")]
pub mod table;

#[cfg(feature = "ssr")]
pub use {compare::ComparePage, new::NewImagePage, page::ImagePage};
