//! Locks: what keeps a resource, and all that lies in it, from being deleted or changed by whoever may do so.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::rbac::Action;
use crate::words::words;

words!(LockLevel {
    CanNotDelete,
    ReadOnly
});

/// What a lock keeps from happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LockLevel {
    /// Deleting.
    CanNotDelete,
    /// Deleting and changing, starting and stopping.
    ReadOnly,
}

impl LockLevel {
    /// Whether a lock of this level refuses an action. Rights and locks themselves are never locked: whoever may give
    /// them could take the lock away first.
    #[must_use]
    pub fn refuses(self, action: Action) -> bool {
        let action = action.as_str();
        if action.starts_with("Microsoft.Authorization/") || !action.starts_with("Microsoft.") {
            return false;
        }
        match self {
            Self::CanNotDelete => action.ends_with("/delete"),
            // Reaching a machine's screen changes nothing of the resource.
            Self::ReadOnly => !["/read", "/connect/action", "/login/action"]
                .iter()
                .any(|end| action.ends_with(end)),
        }
    }
}

/// What a lock is written with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockInput {
    /// What it keeps from happening.
    pub level: LockLevel,
    /// Why, for people; up to 512 characters.
    pub notes: String,
}

/// A lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockView {
    /// Key of the row.
    pub id: Uuid,
    /// What is locked, with all that lies in it; `/` for the whole tenant.
    pub scope: String,
    /// Its name at the scope.
    pub name: String,
    /// What it keeps from happening.
    pub level: LockLevel,
    /// Why.
    pub notes: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// User name of its creator.
    pub created_by: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_refuses_what_its_level_says() {
        use LockLevel::{CanNotDelete, ReadOnly};
        for (level, action, refused) in [
            (CanNotDelete, Action::GalleryDelete, true),
            (CanNotDelete, Action::GalleryWrite, false),
            (CanNotDelete, Action::LabVmStop, false),
            (ReadOnly, Action::GalleryWrite, true),
            (ReadOnly, Action::GalleryDelete, true),
            (ReadOnly, Action::LabVmStart, true),
            (ReadOnly, Action::GalleryRead, false),
            (ReadOnly, Action::LabVmConnect, false),
            (ReadOnly, Action::LockDelete, false),
            (ReadOnly, Action::RoleAssignmentWrite, false),
        ] {
            assert_eq!(level.refuses(action), refused, "{level} {action:?}");
        }
    }
}
