use domain::machine::{MachineState, MachineView};
use serde::Serialize;
use utoipa::ToSchema;

/// A lab's machine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VirtualMachine {
    id: String,
    name: String,
    r#type: &'static str,
    properties: VirtualMachineProperties,
}

/// A machine's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VirtualMachineProperties {
    /// `Creating`, `Succeeded`, `Failed`, or `Locked` while an export reads the disk.
    provisioning_state: &'static str,
    /// `Stopped`, `Starting`, `Running` or `Stopping`.
    state: &'static str,
    /// `Template` or `User`.
    vm_type: String,
    connection_profile: ConnectionProfile,
    /// Why it failed or stopped. Vitrine's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// How to sign in at the machine.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionProfile {
    /// Absent for a specialized image, which keeps its own accounts. Rule A34.
    #[serde(skip_serializing_if = "Option::is_none")]
    admin_username: Option<String>,
}

impl From<MachineView> for VirtualMachine {
    fn from(view: MachineView) -> Self {
        let (provisioning_state, state) = match view.state {
            MachineState::Creating => ("Creating", "Stopped"),
            MachineState::Stopped => ("Succeeded", "Stopped"),
            MachineState::Starting => ("Succeeded", "Starting"),
            MachineState::Running => ("Succeeded", "Running"),
            MachineState::Stopping => ("Succeeded", "Stopping"),
            MachineState::Exporting => ("Locked", "Stopped"),
            MachineState::Failed => ("Failed", "Stopped"),
        };
        Self {
            id: view.resource_id.to_string(),
            name: view.name,
            r#type: "Microsoft.LabServices/labs/virtualMachines",
            properties: VirtualMachineProperties {
                provisioning_state,
                state,
                vm_type: view.kind.to_string(),
                connection_profile: ConnectionProfile {
                    admin_username: view.user_name,
                },
                problem: view.problem,
            },
        }
    }
}
