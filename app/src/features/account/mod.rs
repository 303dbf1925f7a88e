//! What a person sets for themselves: signed-in browsers, and tokens for scripts.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod organisations;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod token;

#[cfg(feature = "ssr")]
pub use {organisations::OrganisationsPage, sessions::SessionsPage, token::TokenPage};

/// The session of this request, put into its extensions beside the caller when a cookie brought it.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentSession(pub uuid::Uuid);
