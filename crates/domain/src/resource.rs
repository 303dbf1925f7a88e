//! Resources of all kinds alike.

use crate::tenant::Meta;

/// A resource of any kind, as lists of all kinds show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceView {
    /// What every resource has.
    pub meta: Meta,
    /// Provider and kind, such as `Microsoft.Compute/galleries`.
    pub kind: String,
    /// How far it is, such as `Succeeded`.
    pub state: String,
}

/// Which resources are asked for; what is none takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResourceFilter {
    /// Provider and kind.
    pub kind: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// A tag, and its value when that is asked for.
    pub tag: Option<(String, Option<String>)>,
}

impl ResourceFilter {
    /// Whether a resource is one that is asked for. Names are compared without regard to case, values of tags with.
    #[must_use]
    pub fn takes(&self, view: &ResourceView) -> bool {
        let same = |wanted: &Option<String>, found: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(found))
        };
        let tagged = self.tag.as_ref().is_none_or(|(key, value)| {
            let found = view
                .meta
                .tags
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(key));
            found.is_some_and(|(_, found)| value.as_ref().is_none_or(|value| value == found))
        });
        same(&self.kind, &view.kind) && same(&self.name, &view.meta.name) && tagged
    }
}
