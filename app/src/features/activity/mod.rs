//! The activity log: who did what to what, when, and how it ended.

mod page;
mod panel;
mod table;
mod words;

pub use page::ActivityPage;
pub use panel::ActivityPanel;
pub use words::{operation, result_mark};
