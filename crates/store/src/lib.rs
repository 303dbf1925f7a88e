//! Rows and queries, on SQLite and PostgreSQL alike.
//!
//! Every query that reads for a caller is bound to the tenant and to the scopes that the caller sees. Nothing here
//! decides; it finds and keeps.

pub mod entity;

mod connect;
mod counts;
mod cursor;
mod error;
mod scope;

pub use connect::Store;
pub use counts::Counts;
pub use cursor::{Cursor, fetch};
pub use error::{Conflict, Error, Result};
pub use scope::{Scopes, in_scopes};

pub use sea_orm;
