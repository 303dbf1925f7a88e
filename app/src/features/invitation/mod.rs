//! Invitations of guests.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod issued;
#[cfg(feature = "ssr")]
pub mod list;

#[cfg(feature = "ssr")]
pub use issued::IssuedInvitation;

/// Where the form that makes an invitation is sent; its answer shows the link, this once.
pub const CREATE: &str = "/admin/invitations";
