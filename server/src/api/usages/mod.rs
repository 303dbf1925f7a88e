//! What of the limits is used. Rules A38-A40.

pub(super) mod list;
