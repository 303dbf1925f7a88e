//! Who asks, and in which circumstances.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::problem::Problem;
use crate::rbac::{self, Action, Grant};
use crate::words::words;

words!(Origin {
    Portal,
    Rest,
    System
});

/// A signed-in person or program, with all rights that were given to them in this tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The principal itself.
    pub principal: Uuid,
    /// The tenant in which it acts.
    pub tenant: Uuid,
    /// Name for people.
    pub display_name: String,
    /// Name for signing in, usually an e-mail address.
    pub user_name: String,
    /// Roles at scopes, own and through groups.
    pub grants: Vec<Grant>,
}

/// Where a request came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// A page of the portal.
    Portal,
    /// The REST API.
    Rest,
    /// Vitrine itself: a job or a reconciler.
    System,
}

/// What every use case is told of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpContext {
    /// Who asks.
    pub caller: Caller,
    /// The id by which logs and error pages name this request.
    pub request_id: String,
    /// When it arrived.
    pub now: DateTime<Utc>,
    /// Which door it took.
    pub origin: Origin,
}

impl OpContext {
    /// The tenant in which the caller acts; every query is bound to it.
    #[must_use]
    pub fn tenant(&self) -> Uuid {
        self.caller.tenant
    }

    /// Allows the action on the resource, or refuses with 403, or with 404 when `visible` is not allowed either.
    ///
    /// # Errors
    /// As [`rbac::authorize`].
    pub fn authorize(
        &self,
        action: Action,
        visible: Action,
        resource: &str,
    ) -> Result<(), Problem> {
        rbac::authorize(&self.caller.grants, action, visible, resource)
    }

    /// Whether the action is allowed: for showing or hiding a button.
    #[must_use]
    pub fn may(&self, action: Action, resource: &str) -> bool {
        rbac::allows(&self.caller.grants, action, &resource.to_lowercase())
    }

    /// The scopes in which the action is allowed: for lists.
    #[must_use]
    pub fn scopes(&self, action: Action) -> Vec<String> {
        rbac::scopes(&self.caller.grants, action)
    }
    /// Whether the caller may make a resource of the kind somewhere: at a resource group at the lowest, because a role
    /// at one resource allows to change that one alone.
    #[must_use]
    pub fn may_create(&self, action: Action) -> bool {
        let segments = |scope: &String| {
            scope
                .split('/')
                .filter(|segment| !segment.is_empty())
                .count()
        };
        self.scopes(action).iter().any(|scope| segments(scope) <= 4)
    }
}
