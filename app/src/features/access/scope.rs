//! Where roles are given.

use domain::ResourceId;

/// The whole organisation, or a resource and what lies below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(String);

impl Scope {
    /// The whole organisation.
    #[must_use]
    pub fn tenant() -> Self {
        Self("/".to_owned())
    }

    /// The scope as role assignments name it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ResourceId> for Scope {
    fn from(id: ResourceId) -> Self {
        Self(id.as_str().to_owned())
    }
}

impl From<&ResourceId> for Scope {
    fn from(id: &ResourceId) -> Self {
        Self(id.as_str().to_owned())
    }
}
