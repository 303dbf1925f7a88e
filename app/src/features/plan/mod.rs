//! Lab plans: what labs may use.

pub mod actions;
pub mod form;
#[cfg(feature = "ssr")]
mod images;
#[cfg(feature = "ssr")]
mod inputs;
pub mod judge;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod new;
#[cfg(feature = "ssr")]
mod overview;
#[cfg(feature = "ssr")]
mod page;

#[cfg(feature = "ssr")]
pub use {list::PlansPage, new::NewPlanPage, page::PlanPage};
