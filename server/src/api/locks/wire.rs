use domain::Problem;
use domain::lock::{LockInput, LockLevel, LockView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::wire::Reading;

/// A lock.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lock {
    id: String,
    name: String,
    r#type: &'static str,
    properties: LockProperties,
}

/// What a lock keeps from happening.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LockProperties {
    /// `CanNotDelete` or `ReadOnly`.
    level: String,
    /// Why.
    notes: String,
}

impl From<LockView> for Lock {
    fn from(view: LockView) -> Self {
        let at = view.scope.trim_end_matches('/');
        Self {
            id: format!("{at}/providers/Microsoft.Authorization/locks/{}", view.name),
            name: view.name,
            r#type: "Microsoft.Authorization/locks",
            properties: LockProperties {
                level: view.level.to_string(),
                notes: view.notes,
            },
        }
    }
}

/// What a lock is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct LockBody {
    properties: Option<LockBodyProperties>,
}

/// What a lock is to keep from happening.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct LockBodyProperties {
    /// `CanNotDelete` or `ReadOnly`.
    level: Option<String>,
    /// Why, for people; up to 512 characters.
    notes: Option<String>,
}

impl LockBody {
    /// The wish to lock.
    ///
    /// # Errors
    /// Every fault of the body.
    pub(super) fn read(self) -> Result<LockInput, Problem> {
        let given = self.properties.unwrap_or_default();
        let mut reading = Reading::default();
        let level = given.level.as_deref();
        let level = reading.word("level", level, LockLevel::parse, "CanNotDelete, ReadOnly");
        let level = reading.required("level", level);
        reading.done(LockInput {
            level: level.unwrap_or(LockLevel::ReadOnly),
            notes: given.notes.unwrap_or_default(),
        })
    }
}
