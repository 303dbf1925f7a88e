//! Bringing a disk from outside into a gallery. Rules A73, B4, B16, B18.

mod choose;
mod form;
mod page;

pub use page::UploadPage;
