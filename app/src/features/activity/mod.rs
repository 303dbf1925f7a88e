//! The activity log: who did what to what, when, and how it ended.

pub mod page;
pub mod panel;
pub mod table;
mod words;

pub use page::ActivityPage;
pub use panel::ActivityPanel;
pub use words::{operation, result_mark};
