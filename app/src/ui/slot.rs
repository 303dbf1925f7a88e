//! Places in a component that may stay empty.

use leptos::prelude::*;

/// An optional view that takes a view or an `Option` alike, so that a page passes on what it has.
#[derive(Default)]
pub struct Slot(pub Option<AnyView>);

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Slot").field(&self.0.is_some()).finish()
    }
}

impl From<AnyView> for Slot {
    fn from(view: AnyView) -> Self {
        Self(Some(view))
    }
}

impl From<Option<AnyView>> for Slot {
    fn from(view: Option<AnyView>) -> Self {
        Self(view)
    }
}
