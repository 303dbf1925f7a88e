//! The activity log.

pub(super) mod list;
