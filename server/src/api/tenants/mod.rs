//! Tenants: the caller has one.

pub(super) mod list;
