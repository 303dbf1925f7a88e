//! The template VM of a lab: what it is called, its state, and its export to the gallery.

pub mod actions;
#[cfg(feature = "ssr")]
mod export;
pub mod form;
#[cfg(feature = "ssr")]
mod outcome;
#[cfg(feature = "ssr")]
mod page;

#[cfg(feature = "ssr")]
pub use page::{TemplateFacts, TemplatePart};
