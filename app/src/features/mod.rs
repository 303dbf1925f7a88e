//! The portal's pages, one folder a feature.

pub mod account;
#[cfg(feature = "ssr")]
pub mod signin;
