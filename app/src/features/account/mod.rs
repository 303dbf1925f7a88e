//! What a person sets for themselves: signed-in browsers, second factors, and tokens for scripts.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod app;
pub mod factor;
#[cfg(feature = "ssr")]
pub mod organisations;
#[cfg(feature = "ssr")]
pub mod passkey;
#[cfg(feature = "ssr")]
pub mod qr;
#[cfg(feature = "ssr")]
pub mod recovery;
#[cfg(feature = "ssr")]
pub mod security;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod token;

#[cfg(feature = "ssr")]
pub use {
    app::AppPage,
    organisations::OrganisationsPage,
    passkey::{PasskeyPage, PasskeyScript},
    recovery::IssuedCodes,
    security::SecurityPage,
    sessions::SessionsPage,
    token::TokenPage,
};

/// The session of this request, put into its extensions beside the caller when a cookie brought it.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentSession(pub uuid::Uuid);

/// The session of this request; none for a program.
#[cfg(feature = "ssr")]
fn session() -> Option<uuid::Uuid> {
    crate::ssr::extension::<CurrentSession>().map(|session| session.0)
}
