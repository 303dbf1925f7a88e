//! The built-in roles. Lab roles follow the modelled service's table of who may do what.

use uuid::{Uuid, uuid};

use super::Action;

/// A named set of actions, given as patterns in which `*` stands for any text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleDefinition {
    /// The id that scripts know the role by.
    pub id: Uuid,
    /// The name that people know it by.
    pub name: &'static str,
    /// What it is for, in a sentence.
    pub description: &'static str,
    /// Patterns of what it allows.
    pub actions: &'static [&'static str],
    /// Patterns taken out of `actions`.
    pub not_actions: &'static [&'static str],
}

impl RoleDefinition {
    /// Whether the role allows the action.
    #[must_use]
    pub fn allows(&self, action: Action) -> bool {
        let action = action.as_str();
        self.actions.iter().any(|p| matches(p, action))
            && !self.not_actions.iter().any(|p| matches(p, action))
    }
}

/// Whether a pattern with any number of `*` matches the whole text, case aside.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase(), text.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The built-in role of this id.
#[must_use]
pub fn built_in(id: Uuid) -> Option<&'static RoleDefinition> {
    BUILT_IN.iter().find(|role| role.id == id)
}

/// Every built-in role.
pub const BUILT_IN: &[RoleDefinition] = &[
    RoleDefinition {
        id: uuid!("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
        name: "Owner",
        description: "Everything, including who else may.",
        actions: &["*"],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("b24988ac-6180-42a0-ab88-20f7382dd24c"),
        name: "Contributor",
        description: "Everything except giving rights to others.",
        actions: &["*"],
        not_actions: &[
            "Microsoft.Authorization/*/write",
            "Microsoft.Authorization/*/delete",
            "Vitrine.Directory/*/write",
        ],
    },
    RoleDefinition {
        id: uuid!("acdd72a7-3385-48ef-bd42-f606fba81ae7"),
        name: "Reader",
        description: "See everything, change nothing.",
        actions: &["*/read"],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"),
        name: "User Access Administrator",
        description: "See everything and give rights to others.",
        actions: &["*/read", "Microsoft.Authorization/*"],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("f69b8690-cc87-41d6-b77a-a4bc3c0a966f"),
        name: "Lab Services Contributor",
        description: "Manage lab plans, create labs, see the labs of others.",
        actions: &[
            "Microsoft.LabServices/labPlans/*",
            "Microsoft.LabServices/labs/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/*",
        ],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("b97fb8bc-a8b2-4522-a38b-dd33c7e65ead"),
        name: "Lab Creator",
        description: "Create labs from lab plans, and own the labs so created.",
        actions: &[
            "Microsoft.LabServices/labPlans/read",
            "Microsoft.LabServices/labPlans/images/read",
            "Microsoft.LabServices/labPlans/saveImage/action",
            "Microsoft.LabServices/labPlans/createLab/action",
            "Microsoft.LabServices/labs/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("5daaa2af-1fe8-407c-9122-bba179798270"),
        name: "Lab Contributor",
        description: "Change and delete the assigned lab.",
        actions: &["Microsoft.LabServices/labs/*", "Microsoft.Insights/*"],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("ce40b423-cede-4313-a93f-9b28290b72e1"),
        name: "Lab Assistant",
        description: "See the lab, start and stop its machines.",
        actions: &[
            "Microsoft.LabServices/labs/read",
            "Microsoft.LabServices/labs/virtualMachines/read",
            "Microsoft.LabServices/labs/virtualMachines/start/action",
            "Microsoft.LabServices/labs/virtualMachines/stop/action",
        ],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("a36e6959-b6be-4b12-8e9f-ef4b474d304d"),
        name: "Lab Operator",
        description: "See the lab and its machines, start and stop them, connect to them.",
        actions: &[
            "Microsoft.LabServices/labs/read",
            "Microsoft.LabServices/labs/virtualMachines/*",
        ],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("2a5c394f-5eb7-4d4f-9c8e-e8eae39faebc"),
        name: "Lab Services Reader",
        description: "See lab plans and labs.",
        actions: &[
            "Microsoft.LabServices/*/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("1ef6a3be-d0ac-425d-8c01-acb62866290b"),
        name: "Compute Gallery Sharing Admin",
        description: "See galleries and share them.",
        actions: &[
            "Microsoft.Compute/galleries/*/read",
            "Microsoft.Compute/galleries/read",
            "Microsoft.Compute/galleries/share/action",
        ],
        not_actions: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_as_the_command_line_expects() {
        assert!(matches("*", "anything/at/all"));
        assert!(matches("*/read", "Microsoft.Compute/galleries/read"));
        assert!(!matches("*/read", "Microsoft.Compute/galleries/readwrite"));
        assert!(matches(
            "microsoft.compute/*/read",
            "Microsoft.Compute/galleries/images/read"
        ));
        assert!(!matches(
            "Microsoft.Compute/galleries/*/read",
            "Microsoft.Compute/galleries/read"
        ));
        assert!(!matches(
            "Microsoft.Compute/galleries/read",
            "Microsoft.Compute/galleries/read/more"
        ));
    }
}
