//! Machines: template VMs, virtual machines that stand alone and, later, the students' own.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::resource_id::ResourceId;
use crate::size::DiskSize;
use crate::words::words;

words!(MachineKind {
    Template,
    User,
    Standalone
});
words!(MachineState {
    Creating,
    Stopped,
    Starting,
    Running,
    Stopping,
    Exporting,
    Failed
});

/// Whose machine it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MachineKind {
    Template,
    User,
    /// A virtual machine that belongs to no lab.
    Standalone,
}

/// What a machine does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MachineState {
    /// Its disk is being made.
    Creating,
    Stopped,
    Starting,
    Running,
    Stopping,
    /// An export reads its disk: it can't be started meanwhile.
    Exporting,
    /// It could not be made.
    Failed,
}

impl MachineState {
    /// Whether the state is on its way to another.
    #[must_use]
    pub fn is_moving(self) -> bool {
        matches!(
            self,
            Self::Creating | Self::Starting | Self::Stopping | Self::Exporting
        )
    }
}

/// A lab's machine as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MachineView {
    /// Its key, which its folder on the host is named after.
    pub id: Uuid,
    /// Its ARM id, below the lab's.
    pub resource_id: ResourceId,
    /// Its name.
    pub name: String,
    /// The lab it belongs to.
    pub lab: Uuid,
    /// That lab's title.
    pub lab_title: String,
    /// Whose it is.
    pub kind: MachineKind,
    /// What it does now.
    pub state: MachineState,
    /// Why it failed or stopped, for a person.
    pub problem: Option<String>,
    /// The region that it runs in.
    pub region: String,
    /// Its size's name.
    pub size: String,
    /// The name it calls itself; none for a specialized image, which keeps its own. Rule A35.
    pub computer_name: Option<String>,
    /// Its first account; none for a specialized image, which keeps its own. Rule A34.
    pub user_name: Option<String>,
    /// The OS disk's virtual size.
    pub os_disk: DiskSize,
    /// Its disks.
    pub disk_count: u32,
    /// Since when it is in this state.
    pub state_at: DateTime<Utc>,
}

/// What runs the machines of this host, said openly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostView {
    /// `KVM` or `software emulation`.
    pub accelerator: String,
    /// Whether the processor's own virtualization is used.
    pub hardware: bool,
    /// Why it is so.
    pub reason: String,
    /// QEMU's version.
    pub version: String,
    /// Machines that run now.
    pub running: u64,
}
