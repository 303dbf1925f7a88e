//! What copies cost. Rules A62-A65.

pub(super) mod get;
