//! The rules of the gallery and the labs, as pure functions over plain data.
//!
//! Nothing here waits, reads a clock, draws a random number or touches a disk, so the same function
//! judges a form while somebody types it (in the browser) and the request that arrives (in the services).

pub mod activity;
pub mod application;
pub mod caller;
pub mod catalog;
pub mod compute;
pub mod cost;
pub mod deployment;
pub mod export;
pub mod factor;
pub mod gallery;
pub mod identity;
pub mod image;
pub mod job;
pub mod lab;
pub mod lock;
pub mod machine;
pub mod money;
pub mod name;
pub mod network;
pub mod page;
pub mod plan;
pub mod problem;
pub mod rbac;
pub mod region;
pub mod resource;
pub mod resource_id;
pub mod share;
pub mod size;
pub mod tenant;
pub mod upload;
pub mod version;
pub mod violation;
mod words;

pub use caller::{Caller, OpContext, Origin};
pub use money::Money;
pub use page::{Page, PageRequest};
pub use problem::{Code, Problem};
pub use resource_id::ResourceId;
pub use size::DiskSize;
pub use version::ImageVersion;
pub use violation::{Rule, Violation};
