//! Stories of the use cases, on real databases, folders and disks.

mod export;
mod identity;
mod lab;
mod plan;
mod stage;
mod upload;
