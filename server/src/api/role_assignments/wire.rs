use chrono::{DateTime, Utc};
use domain::tenant::RoleAssignmentView;
use domain::{Problem, ResourceId, Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::role_definitions::role_id;
use crate::api::wire::Reading;

/// A role assignment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleAssignment {
    id: String,
    name: Uuid,
    r#type: &'static str,
    properties: RoleAssignmentProperties,
}

/// Who has which role where.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleAssignmentProperties {
    scope: String,
    role_definition_id: String,
    principal_id: Uuid,
    /// `User`, `Group` or `ServicePrincipal`.
    principal_type: String,
    created_on: DateTime<Utc>,
    updated_on: DateTime<Utc>,
    /// The role's name. Vitrine's own.
    role_name: String,
    /// The principal's name for people. Vitrine's own.
    principal_name: String,
}

impl From<RoleAssignmentView> for RoleAssignment {
    fn from(view: RoleAssignmentView) -> Self {
        // Scopes are kept in lower case; their words get the spelling of all ids.
        let scope = ResourceId::parse(&view.scope).map_or(view.scope, |id| id.to_string());
        let at = if scope == "/" { "" } else { &scope };
        Self {
            id: format!(
                "{at}/providers/Microsoft.Authorization/roleAssignments/{}",
                view.id
            ),
            name: view.id,
            r#type: "Microsoft.Authorization/roleAssignments",
            properties: RoleAssignmentProperties {
                role_definition_id: role_id(at, view.role),
                scope,
                principal_id: view.principal.id,
                principal_type: view.principal.kind.to_string(),
                created_on: view.created_at,
                updated_on: view.created_at,
                role_name: view.role_name,
                principal_name: view.principal.display_name,
            },
        }
    }
}

impl RoleAssignment {
    /// The assignment as it is read from a scope below its own: its role bears the id that the list of roles has
    /// there, by which clients find the role's name.
    pub(super) fn seen_from(scope: &str, view: RoleAssignmentView) -> Self {
        let (role, is_tenants) = (view.role, view.scope == "/");
        let mut assignment = Self::from(view);
        if is_tenants {
            assignment.properties.role_definition_id = role_id(scope, role);
        }
        assignment
    }
}

/// What a role is assigned with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct RoleAssignmentBody {
    properties: Option<RoleAssignmentBodyProperties>,
}

/// Who gets which role.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleAssignmentBodyProperties {
    /// A role's id, or its last segment.
    role_definition_id: Option<String>,
    /// The object id of a person, group or program.
    principal_id: Option<String>,
}

impl RoleAssignmentBody {
    /// The principal and the role.
    ///
    /// # Errors
    /// Every fault of the body.
    pub(super) fn read(self) -> Result<(Uuid, Uuid), Problem> {
        let given = self.properties.unwrap_or_default();
        let mut reading = Reading::default();
        let mut id = |target: &str, text: Option<String>| {
            let text = reading.required(target, text)?;
            let id = text
                .rsplit('/')
                .next()
                .and_then(|name| name.parse::<Uuid>().ok());
            if id.is_none() {
                let violation = Violation::new(Rule::UnknownChoice, target).with("value", &text);
                reading.refuse(violation.with(
                    "allowed",
                    "an id such as acdd72a7-3385-48ef-bd42-f606fba81ae7",
                ));
            }
            id
        };
        let principal = id("principalId", given.principal_id);
        let role = id("roleDefinitionId", given.role_definition_id);
        reading.done((principal.unwrap_or_default(), role.unwrap_or_default()))
    }
}
