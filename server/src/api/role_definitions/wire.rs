use chrono::{DateTime, Utc};
use domain::rbac::{RoleInput, RoleView};
use domain::{Problem, ResourceId, Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The kind of the roles that every organisation has.
pub(super) const BUILT_IN: &str = "BuiltInRole";

/// The kind of the roles that an organisation defines.
pub(super) const CUSTOM: &str = "CustomRole";

/// A role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Role {
    /// What a role assignment's `roleDefinitionId` takes.
    id: String,
    name: Uuid,
    r#type: &'static str,
    properties: RoleProperties,
}

/// What a role is and allows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleProperties {
    role_name: String,
    description: String,
    /// `BuiltInRole` or `CustomRole`.
    r#type: &'static str,
    /// Where it can be assigned: these scopes and below.
    assignable_scopes: Vec<String>,
    permissions: Vec<Permission>,
    /// When it was last written; absent for what is built in.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_on: Option<DateTime<Utc>>,
}

/// Patterns of actions that are allowed, and those taken out of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Permission {
    actions: Vec<String>,
    not_actions: Vec<String>,
    /// Always empty: what is done to a machine is an action here.
    data_actions: Vec<String>,
    /// Always empty.
    not_data_actions: Vec<String>,
}

/// The id by which a role is named at a scope.
pub(crate) fn role_id(scope: &str, role: Uuid) -> String {
    // A role belongs to the whole tenant; clients read it below the subscription that they asked at.
    let subscription = scope.split('/').take(3).collect::<Vec<_>>().join("/");
    let subscription = if scope.starts_with("/subscriptions/") {
        subscription
    } else {
        String::new()
    };
    format!("{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}")
}

impl Role {
    /// A role, as it is read at a scope.
    pub(super) fn new(scope: &str, role: RoleView) -> Self {
        let spelled = |scope: &String| {
            ResourceId::parse(scope).map_or_else(|_| scope.clone(), |id| id.to_string())
        };
        Self {
            id: role_id(scope, role.id),
            name: role.id,
            r#type: "Microsoft.Authorization/roleDefinitions",
            properties: RoleProperties {
                r#type: if role.is_custom() { CUSTOM } else { BUILT_IN },
                assignable_scopes: role.assignable_scopes.iter().map(spelled).collect(),
                role_name: role.name,
                description: role.description,
                permissions: vec![Permission {
                    actions: role.actions,
                    not_actions: role.not_actions,
                    data_actions: Vec::new(),
                    not_data_actions: Vec::new(),
                }],
                updated_on: role.updated_at,
            },
        }
    }
}

/// What a role is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct RoleBody {
    properties: Option<RoleBodyProperties>,
}

/// What a role is and allows.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleBodyProperties {
    role_name: Option<String>,
    description: Option<String>,
    /// The scope that it is written at when there are none.
    assignable_scopes: Option<Vec<String>>,
    permissions: Option<Vec<PermissionBody>>,
}

/// Patterns of actions that are allowed, and those taken out of them.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PermissionBody {
    actions: Option<Vec<String>>,
    not_actions: Option<Vec<String>>,
    /// Must be empty: what is done to a machine is an action here.
    data_actions: Option<Vec<String>>,
}

impl RoleBody {
    /// The role to write at a scope.
    ///
    /// # Errors
    /// `InvalidRequest` for several permissions and for data actions: neither would be kept.
    pub(super) fn read(self, scope: &str) -> Result<RoleInput, Problem> {
        let given = self.properties.unwrap_or_default();
        let mut permissions = given.permissions.unwrap_or_default().into_iter();
        let permission = permissions.next().unwrap_or_default();
        let mut found = Vec::new();
        if permissions.next().is_some() {
            found.push(
                Violation::new(Rule::OutOfRange, "permissions")
                    .with("min", 1)
                    .with("max", 1),
            );
        }
        if permission
            .data_actions
            .is_some_and(|actions| !actions.is_empty())
        {
            found.push(Violation::new(Rule::NotUpdatable, "dataActions"));
        }
        Problem::unless_empty(found)?;
        let here = || vec![if scope.is_empty() { "/" } else { scope }.to_owned()];
        Ok(RoleInput {
            name: given.role_name.unwrap_or_default(),
            description: given.description.unwrap_or_default(),
            actions: permission.actions.unwrap_or_default(),
            not_actions: permission.not_actions.unwrap_or_default(),
            assignable_scopes: given.assignable_scopes.unwrap_or_else(here),
        })
    }
}
