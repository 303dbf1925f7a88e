//! Labs: the list, the form that creates one, and a lab's own pages.

pub mod actions;
mod advice;
#[cfg(feature = "ssr")]
mod console;
pub mod form;
#[cfg(feature = "ssr")]
mod hidden;
#[cfg(feature = "ssr")]
mod images;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod new;
#[cfg(feature = "ssr")]
mod overview;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod queries;

#[cfg(feature = "ssr")]
pub use {
    console::ConsolePage, list::LabsPage, new::NewLabPage, overview::machine_card, page::LabPage,
    queries::LabState,
};
