//! What copies of images cost, month by month.

mod panel;
mod plot;

pub use panel::{CostPanel, warn_of_change};
