//! Resources of all kinds in one list.

pub(super) mod list;

pub(super) const TAG: &str = "Resources";
