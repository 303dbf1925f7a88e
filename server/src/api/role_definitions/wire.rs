use domain::rbac::RoleDefinition;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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
    role_name: &'static str,
    description: &'static str,
    /// Always `BuiltInRole`.
    r#type: &'static str,
    assignable_scopes: Vec<&'static str>,
    permissions: Vec<Permission>,
}

/// Patterns of actions that are allowed, and those taken out of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Permission {
    actions: &'static [&'static str],
    not_actions: &'static [&'static str],
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
    pub(super) fn new(scope: &str, role: &RoleDefinition) -> Self {
        Self {
            id: role_id(scope, role.id),
            name: role.id,
            r#type: "Microsoft.Authorization/roleDefinitions",
            properties: RoleProperties {
                role_name: role.name,
                description: role.description,
                r#type: "BuiltInRole",
                assignable_scopes: vec!["/"],
                permissions: vec![Permission {
                    actions: role.actions,
                    not_actions: role.not_actions,
                }],
            },
        }
    }
}
