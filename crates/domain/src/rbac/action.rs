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
    ManagedImageRead => "Microsoft.Compute/images/read",
    ManagedImageWrite => "Microsoft.Compute/images/write",
    ManagedImageDelete => "Microsoft.Compute/images/delete",
    SnapshotRead => "Microsoft.Compute/snapshots/read",
    SnapshotWrite => "Microsoft.Compute/snapshots/write",
    SnapshotDelete => "Microsoft.Compute/snapshots/delete",
    DiskRead => "Microsoft.Compute/disks/read",
    DiskWrite => "Microsoft.Compute/disks/write",
    DiskDelete => "Microsoft.Compute/disks/delete",
    VmRead => "Microsoft.Compute/virtualMachines/read",
    VmWrite => "Microsoft.Compute/virtualMachines/write",
    VmDelete => "Microsoft.Compute/virtualMachines/delete",
    VmStart => "Microsoft.Compute/virtualMachines/start/action",
    VmStop => "Microsoft.Compute/virtualMachines/powerOff/action",
    VmDeallocate => "Microsoft.Compute/virtualMachines/deallocate/action",
    VmRestart => "Microsoft.Compute/virtualMachines/restart/action",
    VmGeneralize => "Microsoft.Compute/virtualMachines/generalize/action",
    VmConnect => "Microsoft.Compute/virtualMachines/login/action",
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
    DeploymentRead => "Microsoft.Resources/deployments/read",
    DeploymentWrite => "Microsoft.Resources/deployments/write",
    DeploymentDelete => "Microsoft.Resources/deployments/delete",
    DeploymentValidate => "Microsoft.Resources/deployments/validate/action",
    DeploymentWhatIf => "Microsoft.Resources/deployments/whatIf/action",
    VirtualNetworkRead => "Microsoft.Network/virtualNetworks/read",
    VirtualNetworkWrite => "Microsoft.Network/virtualNetworks/write",
    VirtualNetworkDelete => "Microsoft.Network/virtualNetworks/delete",
    SecurityGroupRead => "Microsoft.Network/networkSecurityGroups/read",
    SecurityGroupWrite => "Microsoft.Network/networkSecurityGroups/write",
    SecurityGroupDelete => "Microsoft.Network/networkSecurityGroups/delete",
    PublicAddressRead => "Microsoft.Network/publicIPAddresses/read",
    PublicAddressWrite => "Microsoft.Network/publicIPAddresses/write",
    PublicAddressDelete => "Microsoft.Network/publicIPAddresses/delete",
    InterfaceRead => "Microsoft.Network/networkInterfaces/read",
    InterfaceWrite => "Microsoft.Network/networkInterfaces/write",
    InterfaceDelete => "Microsoft.Network/networkInterfaces/delete",
    LockRead => "Microsoft.Authorization/locks/read",
    LockWrite => "Microsoft.Authorization/locks/write",
    LockDelete => "Microsoft.Authorization/locks/delete",
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

impl Action {
    /// The right to make and change resources of a kind, such as `Microsoft.Compute/galleries`; none for a kind that is
    /// not made here.
    #[must_use]
    pub fn writing(kind: &str) -> Option<Self> {
        let named = |action: &Self| {
            let text = action.as_str().strip_suffix("/write");
            text.is_some_and(|text| text.eq_ignore_ascii_case(kind))
        };
        Self::ALL.iter().copied().find(named)
    }
}
