//! The portal's pages, as HTML from the server with islands of script.
//!
//! With the feature `ssr` everything is here; with `hydrate` only what runs in the browser: the islands and the
//! calling side of the server functions.
#![recursion_limit = "256"]
#![expect(
    clippy::needless_pass_by_value,
    reason = "components own their properties"
)]
#![cfg_attr(
    feature = "ssr",
    expect(
        unreachable_pub,
        reason = "components write public items beside themselves, in private modules too"
    )
)]

#[cfg(feature = "ssr")]
pub mod design;
pub mod features;
#[cfg(feature = "ssr")]
pub mod places;
pub mod refusal;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod theme;
pub mod ui;

#[cfg(feature = "ssr")]
pub use shell::shell;
