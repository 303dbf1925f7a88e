//! Locations: the regions of this installation.

pub(super) mod list;
