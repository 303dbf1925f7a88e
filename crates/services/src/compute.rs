//! Virtual machines, disks, snapshots and managed images: what belongs to no lab. Rules A4, A5, A7, A8, A30-A36, A73, A74.

mod body;
mod disk;
mod image;
mod machine;
mod origin;
mod power;
mod view;

pub use body::*;
pub(crate) use disk::reading as disk_reading;
pub(crate) use origin::{Origin, System, kept_origin};
