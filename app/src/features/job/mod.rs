//! Long work as pages show it: the same steps for every kind of job.

pub mod actions;
#[cfg(feature = "ssr")]
mod progress;

#[cfg(feature = "ssr")]
pub use progress::{JobProgress, title};
