//! The activity log: who did what to what, when, and with what result.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::caller::Origin;
use crate::resource_id::ResourceId;
use crate::words::words;

words!(ActivityResult {
    Accepted,
    Succeeded,
    Failed,
    Canceled,
    Refused
});

/// How an activity ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ActivityResult {
    /// Accepted; a job goes on with it.
    Accepted,
    Succeeded,
    Failed,
    Canceled,
    /// Refused for lack of rights or because of a rule.
    Refused,
}

impl ActivityResult {
    /// Every result, in the order in which lists offer them.
    pub const ALL: [Self; 5] = [
        Self::Accepted,
        Self::Succeeded,
        Self::Failed,
        Self::Canceled,
        Self::Refused,
    ];
}

/// Which lines of the log are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActivityFilter {
    /// What was done to this resource and below it alone.
    pub within: Option<ResourceId>,
    /// What ended so alone.
    pub result: Option<ActivityResult>,
}

impl From<Option<&ResourceId>> for ActivityFilter {
    fn from(within: Option<&ResourceId>) -> Self {
        Self {
            within: within.cloned(),
            result: None,
        }
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityView {
    /// The line's key; newer lines have higher keys.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// User name of who did it.
    pub caller: String,
    /// The operation's one name, such as `template_export`.
    pub operation: String,
    /// The ARM id of what it was done to.
    pub resource_id: String,
    /// How it ended.
    pub result: ActivityResult,
    /// What was changed, or why it failed.
    pub detail: String,
    /// Portal, REST or Vitrine itself.
    pub origin: Origin,
    /// The request's id, to find it in the server's log.
    pub request_id: String,
}
