//! Sharing images with other organisations: links, what was shared and got, and what is missing on the way to a lab.

#[cfg(feature = "ssr")]
pub mod accept;
pub mod actions;
#[cfg(feature = "ssr")]
pub mod issued;
#[cfg(feature = "ssr")]
pub mod offer;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod panel;
#[cfg(feature = "ssr")]
pub mod reasons;
#[cfg(feature = "ssr")]
pub mod shared;
#[cfg(feature = "ssr")]
pub mod table;
#[cfg(feature = "ssr")]
pub mod way;

#[cfg(feature = "ssr")]
pub use {
    accept::AcceptPage,
    issued::IssuedShare,
    page::SharesPage,
    panel::SharePanel,
    reasons::ShareReasons,
    shared::{SharedBy, SharedPage},
    way::WayPage,
};

/// Where the form that makes a link posts to; the answer itself shows the link, this once.
pub const NEW_SHARE: &str = "/shares/new";
