//! Tenants: the caller's own, and those in which it is a guest.

pub(super) mod list;
