//! Applications: registering them, their credentials, admitting those of other organisations, and what people see when
//! a program wants to sign in.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod agree;
#[cfg(feature = "ssr")]
pub mod credentials;
#[cfg(feature = "ssr")]
pub mod device;
#[cfg(feature = "ssr")]
pub mod list;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod secret;
#[cfg(feature = "ssr")]
pub mod settings;

#[cfg(feature = "ssr")]
pub use {
    agree::{Admit, Admitted, Agree, AskAdministrator},
    device::DevicePage,
    page::ApplicationPage,
    secret::IssuedSecret,
};
