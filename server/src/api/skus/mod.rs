//! Machine sizes.

pub(super) mod list;
