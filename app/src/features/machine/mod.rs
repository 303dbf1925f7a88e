//! Machines: their state, what can be done with them, and the page of one's own.

pub mod actions;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod state;

#[cfg(feature = "ssr")]
pub use {
    page::MachinesPage,
    state::{
        MachineButtons, MachineFacts, MachineMark, MachineRights, Screenshot, follow, refusals,
    },
};
