//! Administration: people, roles of the whole organisation, resource groups, and the host.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod group;
#[cfg(feature = "ssr")]
pub mod groups;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
mod limits;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod people;

#[cfg(feature = "ssr")]
pub use {group::GroupPage, page::AdminPage};
