//! Bringing a disk from outside into a gallery. Rules A73, B4, B16, B18.

pub mod actions;
#[cfg(feature = "ssr")]
mod choose;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod page;

#[cfg(feature = "ssr")]
pub use page::UploadPage;
