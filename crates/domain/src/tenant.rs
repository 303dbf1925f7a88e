//! Tenants and what they are made of: subscriptions, resource groups, people.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::resource_id::ResourceId;
use crate::words::words;

words!(PrincipalKind {
    User,
    Group,
    ServicePrincipal
});

/// What every resource has besides its own matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Stable key of the row; the portal's links use it.
    pub id: Uuid,
    /// The ARM id.
    pub resource_id: ResourceId,
    /// The last segment of the ARM id, in the spelling of its creator.
    pub name: String,
    /// The region that the resource is registered in.
    pub location: String,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
    /// Changes with every write; compared with If-Match.
    pub etag: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// User name of its creator.
    pub created_by: String,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
}

/// What a write expects to find.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Precondition {
    /// Create or replace.
    #[default]
    None,
    /// Create only: `If-None-Match: *`, and every form that says "new".
    MustNotExist,
    /// Replace only what still bears this etag: `If-Match`.
    Etag(String),
}

/// A subscription: the unit that limits count in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionView {
    /// The subscription's id.
    pub id: Uuid,
    /// The tenant that it belongs to.
    pub tenant: Uuid,
    /// Name for people.
    pub display_name: String,
}

/// A resource group: a folder of resources that rights can be given at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceGroupView {
    /// What every resource has.
    #[serde(flatten)]
    pub meta: Meta,
}

/// What a resource group is created from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceGroupInput {
    /// A region's name.
    pub location: String,
    /// Free labels.
    pub tags: BTreeMap<String, String>,
}

/// The kind of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PrincipalKind {
    User,
    Group,
    ServicePrincipal,
}

/// A person, group or program of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrincipalView {
    /// The principal's object id.
    pub id: Uuid,
    /// What it is.
    pub kind: PrincipalKind,
    /// Name for people.
    pub display_name: String,
    /// Name for signing in.
    pub user_name: String,
    /// Whether it may sign in.
    pub enabled: bool,
    /// Where a person signs in who has no account at the built-in issuer here: a provider's host, or another
    /// organisation of this installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comes_from: Option<String>,
}

/// One role assignment, with names for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignmentView {
    /// The assignment's own id.
    pub id: Uuid,
    /// Who has the role.
    pub principal: PrincipalView,
    /// The role definition's id.
    pub role: Uuid,
    /// The role's name.
    pub role_name: String,
    /// What the role is for; empty when its definition is gone.
    #[serde(default)]
    pub role_description: String,
    /// Where it was assigned; `/` for the whole tenant.
    pub scope: String,
    /// Whether it was assigned above the resource that is looked at.
    pub inherited: bool,
    /// Whether the caller may take it away.
    #[serde(default)]
    pub may_take: bool,
    /// When it was assigned.
    pub created_at: DateTime<Utc>,
}

/// One signed-in browser of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Key of the session's row; not the secret in the cookie.
    pub id: Uuid,
    /// The browser, as it calls itself.
    pub user_agent: String,
    /// The address that it signed in from.
    pub address: String,
    /// When it signed in.
    pub created_at: DateTime<Utc>,
    /// When it last asked for something.
    pub seen_at: DateTime<Utc>,
    /// Whether it is the one that asks now.
    pub current: bool,
}

/// What the portal's frame shows of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// The principal.
    pub id: Uuid,
    /// Name for people.
    pub display_name: String,
    /// Name for signing in.
    pub user_name: String,
    /// The tenant's name.
    pub tenant_name: String,
    /// The places that the caller's rights open.
    pub places: Vec<Place>,
}

/// A place of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Place {
    Home,
    Labs,
    MyMachines,
    Images,
    LabPlans,
    Activity,
    Administration,
}
