//! The actions that roles grant, named as the modelled service names them.

/// Declares the actions once: the enumeration, the list of all, and the spelling of each.
macro_rules! actions {
    ($($variant:ident => $text:literal),+ $(,)?) => {
        /// Something that can be allowed at a scope.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($variant),+
        }

        impl Action {
            /// Every action, for the matrix.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The action as role definitions write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }
        }
    };
}

actions! {
    SubscriptionRead => "Microsoft.Resources/subscriptions/read",
    ResourceGroupRead => "Microsoft.Resources/subscriptions/resourceGroups/read",
    ResourceGroupWrite => "Microsoft.Resources/subscriptions/resourceGroups/write",
    ResourceGroupDelete => "Microsoft.Resources/subscriptions/resourceGroups/delete",
    GalleryRead => "Microsoft.Compute/galleries/read",
    GalleryWrite => "Microsoft.Compute/galleries/write",
    GalleryDelete => "Microsoft.Compute/galleries/delete",
    ImageRead => "Microsoft.Compute/galleries/images/read",
    ImageWrite => "Microsoft.Compute/galleries/images/write",
    ImageDelete => "Microsoft.Compute/galleries/images/delete",
    VersionRead => "Microsoft.Compute/galleries/images/versions/read",
    VersionWrite => "Microsoft.Compute/galleries/images/versions/write",
    VersionDelete => "Microsoft.Compute/galleries/images/versions/delete",
    LabPlanRead => "Microsoft.LabServices/labPlans/read",
    LabPlanWrite => "Microsoft.LabServices/labPlans/write",
    LabPlanDelete => "Microsoft.LabServices/labPlans/delete",
    LabPlanImageRead => "Microsoft.LabServices/labPlans/images/read",
    LabPlanImageWrite => "Microsoft.LabServices/labPlans/images/write",
    LabPlanSaveImage => "Microsoft.LabServices/labPlans/saveImage/action",
    LabCreate => "Microsoft.LabServices/labPlans/createLab/action",
    LabRead => "Microsoft.LabServices/labs/read",
    LabWrite => "Microsoft.LabServices/labs/write",
    LabDelete => "Microsoft.LabServices/labs/delete",
    LabVmRead => "Microsoft.LabServices/labs/virtualMachines/read",
    LabVmStart => "Microsoft.LabServices/labs/virtualMachines/start/action",
    LabVmStop => "Microsoft.LabServices/labs/virtualMachines/stop/action",
    LabVmConnect => "Microsoft.LabServices/labs/virtualMachines/connect/action",
    RoleAssignmentRead => "Microsoft.Authorization/roleAssignments/read",
    RoleAssignmentWrite => "Microsoft.Authorization/roleAssignments/write",
    RoleAssignmentDelete => "Microsoft.Authorization/roleAssignments/delete",
    RoleDefinitionRead => "Microsoft.Authorization/roleDefinitions/read",
    RoleDefinitionWrite => "Microsoft.Authorization/roleDefinitions/write",
    RoleDefinitionDelete => "Microsoft.Authorization/roleDefinitions/delete",
    ActivityRead => "Microsoft.Insights/eventtypes/values/read",
    PrincipalRead => "Vitrine.Directory/principals/read",
    PrincipalWrite => "Vitrine.Directory/principals/write",
    ProviderRead => "Vitrine.Directory/identityProviders/read",
    ProviderWrite => "Vitrine.Directory/identityProviders/write",
    DomainRead => "Vitrine.Directory/domains/read",
    DomainWrite => "Vitrine.Directory/domains/write",
    InvitationRead => "Vitrine.Directory/invitations/read",
    InvitationWrite => "Vitrine.Directory/invitations/write",
    ApplicationRead => "Vitrine.Directory/applications/read",
    ApplicationWrite => "Vitrine.Directory/applications/write",
    ShareRead => "Vitrine.Sharing/shares/read",
    ShareWrite => "Vitrine.Sharing/shares/write",
}
