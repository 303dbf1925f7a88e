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
    /// Roles at scopes of this tenant, own and through groups.
    pub grants: Vec<Grant>,
    /// What other tenants share: grants at their subscriptions or deeper, never at `/`. See [`rbac::lent`].
    pub foreign: Vec<Grant>,
}

impl Caller {
    /// The grants by which a resource (its key, lower case) is judged: the foreign ones alone for what another tenant
    /// shares, the own ones alone for everything else.
    #[must_use]
    pub fn judging(&self, resource: &str) -> &[Grant] {
        rbac::judging(&self.grants, &self.foreign, resource)
    }
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
        let resource = resource.to_lowercase();
        rbac::authorize(self.caller.judging(&resource), action, visible, &resource)
    }

    /// Whether the action is allowed: for showing or hiding a button.
    #[must_use]
    pub fn may(&self, action: Action, resource: &str) -> bool {
        let resource = resource.to_lowercase();
        rbac::allows(self.caller.judging(&resource), action, &resource)
    }

    /// The scopes of this tenant in which the action is allowed: for lists.
    #[must_use]
    pub fn scopes(&self, action: Action) -> Vec<String> {
        rbac::scopes(&self.caller.grants, action)
    }

    /// The scopes of other tenants in which the action is allowed.
    #[must_use]
    pub fn foreign_scopes(&self, action: Action) -> Vec<String> {
        rbac::scopes(&self.caller.foreign, action)
    }

    /// Whether the resource (its key) lies in a subscription of which another tenant shares something with the caller.
    #[must_use]
    pub fn is_abroad(&self, resource: &str) -> bool {
        rbac::is_abroad(&self.caller.foreign, resource)
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
