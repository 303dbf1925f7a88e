//! The portal's pages, one folder a feature.

pub mod access;
pub mod account;
#[cfg(feature = "ssr")]
pub mod activity;
pub mod admin;
pub mod gallery;
#[cfg(feature = "ssr")]
pub mod home;
pub mod image;
pub mod job;
pub mod lab;
pub mod machine;
#[cfg(feature = "ssr")]
pub mod new;
#[cfg(feature = "ssr")]
pub mod parts;
pub mod plan;
#[cfg(feature = "ssr")]
pub mod search;
#[cfg(feature = "ssr")]
pub mod signin;
pub mod template;
#[cfg(feature = "ssr")]
pub mod typed;
pub mod upload;
pub mod version;
