//! The built-in roles. Lab roles follow the modelled service's table of who may do what.

use std::sync::LazyLock;

use uuid::{Uuid, uuid};

use super::{Action, ActionSet};

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
        self.set().contains(action)
    }

    /// Every action that the role allows.
    #[must_use]
    pub fn set(&self) -> ActionSet {
        let known = BUILT_IN.iter().position(|role| role.id == self.id);
        known.map_or_else(|| self.worked_out(), |at| SETS[at])
    }

    fn worked_out(&self) -> ActionSet {
        ActionSet::matching(self.actions, self.not_actions)
    }
}

/// What the built-in roles allow, in their order.
static SETS: LazyLock<Vec<ActionSet>> =
    LazyLock::new(|| BUILT_IN.iter().map(RoleDefinition::worked_out).collect());

/// The built-in role of this id.
#[must_use]
pub fn built_in(id: Uuid) -> Option<&'static RoleDefinition> {
    BUILT_IN.iter().find(|role| role.id == id)
}

/// The role that may do everything; a tenant always has somebody who holds it.
pub const OWNER: &RoleDefinition = &BUILT_IN[0];

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
            "Vitrine.Sharing/*/write",
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
        description: "See everything, give rights to others, and share with other organisations.",
        actions: &["*/read", "Microsoft.Authorization/*", "Vitrine.Sharing/*"],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("f69b8690-cc87-41d6-b77a-a4bc3c0a966f"),
        name: "Lab Services Contributor",
        description: "Manage lab plans, create labs, see the labs of others.",
        actions: &[
            "Microsoft.LabServices/labPlans/*",
            "Microsoft.LabServices/labs/read",
            "Microsoft.LabServices/labs/*/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/*",
        ],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("b97fb8bc-a8b2-4522-a38b-dd33c7e65ead"),
        name: "Lab Creator",
        description: "Create labs from lab plans, own the labs so created, see the labs of others.",
        actions: &[
            "Microsoft.LabServices/labPlans/read",
            "Microsoft.LabServices/labPlans/images/read",
            "Microsoft.LabServices/labPlans/saveImage/action",
            "Microsoft.LabServices/labPlans/createLab/action",
            "Microsoft.LabServices/labs/read",
            "Microsoft.LabServices/labs/*/read",
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
        id: uuid!("9980e02c-c2be-4d73-94e8-173b1dc7cf3c"),
        name: "Virtual Machine Contributor",
        description: "Manage virtual machines, their disks, snapshots and managed images.",
        actions: &[
            "Microsoft.Compute/disks/*",
            "Microsoft.Compute/images/*",
            "Microsoft.Compute/snapshots/*",
            "Microsoft.Compute/virtualMachines/*",
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("cf7c76d2-98a3-4358-a134-615aa78bf44d"),
        name: "Compute Gallery Image Reader",
        description: "See image definitions and versions, and make labs and copies from them.",
        actions: &[
            "Microsoft.Compute/galleries/images/read",
            "Microsoft.Compute/galleries/images/versions/read",
        ],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("85a2d0d9-2eba-4c9c-b355-11c2cc0788ab"),
        name: "Compute Gallery Artifacts Publisher",
        description: "Manage galleries, image definitions and versions.",
        actions: &[
            "Microsoft.Compute/galleries/*",
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ],
        not_actions: &[],
    },
    RoleDefinition {
        id: uuid!("1ef6a3be-d0ac-425d-8c01-acb62866290b"),
        name: "Compute Gallery Sharing Admin",
        description: "See galleries and share them with other organisations.",
        actions: &[
            "Microsoft.Compute/galleries/read",
            "Microsoft.Compute/galleries/*/read",
            "Vitrine.Sharing/*",
        ],
        not_actions: &[],
    },
];
