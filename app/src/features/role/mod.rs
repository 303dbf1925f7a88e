//! Roles: what each allows, and those that an organisation defines for itself.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod list;
#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub use {
    list::RolesPage,
    page::{NewRolePage, RolePage},
};
