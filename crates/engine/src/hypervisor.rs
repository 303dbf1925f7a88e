//! The seam between the portal and whatever runs its machines.
//!
//! Services speak of machines by id and never of hosts, processes or sockets, so that a driver for a
//! distributed engine can stand behind the same trait.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};
use uuid::Uuid;

use crate::EngineError;

/// A two-way stream of bytes to a machine's screen or serial line.
pub trait ConsoleStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ConsoleStream for T {}

/// Runs machines. Every method may be repeated: what is already so stays so.
#[async_trait]
pub trait Hypervisor: Send + Sync + fmt::Debug {
    /// What the host offers. The first call may take seconds, because it tries what it reports.
    async fn host(&self) -> Result<HostFacts, EngineError>;

    /// Starts a machine, or does nothing when it is running.
    async fn start(&self, spec: &MachineSpec) -> Result<(), EngineError>;

    /// Presses the power button, waits for `grace`, then cuts the power. Ends when the machine is off.
    async fn stop(&self, id: Uuid, grace: Duration) -> Result<(), EngineError>;

    /// Whether the machine is on. One that was never started is off.
    async fn state(&self, id: Uuid) -> Result<PowerState, EngineError>;

    /// The machines that are on, whoever started them.
    async fn list(&self) -> Result<Vec<Uuid>, EngineError>;

    /// The screen as raw RFB; several viewers share it.
    async fn screen(&self, id: Uuid) -> Result<Box<dyn ConsoleStream>, EngineError>;

    /// The serial line: what it said lately (at most 64 KiB), then what it says now. Several viewers share it.
    async fn serial(&self, id: Uuid) -> Result<Box<dyn ConsoleStream>, EngineError>;

    /// The screen now, as PNG.
    async fn screenshot(&self, id: Uuid) -> Result<Vec<u8>, EngineError>;
}

/// What machines run on, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostFacts {
    /// Hardware or software.
    pub accelerator: Accelerator,
    /// One sentence that the portal shows with it.
    pub reason: String,
    /// The driver's program and version.
    pub version: String,
    /// Processor cores of the host.
    pub cores: u32,
    /// Memory of the host.
    pub memory_bytes: u64,
}

/// How machines are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Accelerator {
    /// Hardware virtualization.
    Kvm,
    /// Software emulation: the same machine, many times slower.
    Emulation,
}

/// What the operator wants of [`Accelerator`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AcceleratorChoice {
    /// Hardware where a probe guest survives on it, else software.
    #[default]
    Auto,
    /// Hardware or nothing.
    Kvm,
    /// Software, untried hardware or not.
    Emulation,
}

impl FromStr for AcceleratorChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "kvm" => Ok(Self::Kvm),
            "emulation" => Ok(Self::Emulation),
            _ => Err(format!("\"{text}\" is not one of auto, kvm, emulation")),
        }
    }
}

/// What machines can reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NetworkMode {
    /// An address, and nothing behind it.
    #[default]
    Isolated,
    /// The host's network through user-mode translation. Address 10.0.2.2 inside the machine is the
    /// *loopback of the host*: services that listen there without authentication are open to students.
    Nat,
}

impl FromStr for NetworkMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "isolated" => Ok(Self::Isolated),
            "nat" => Ok(Self::Nat),
            _ => Err(format!("\"{text}\" is not one of isolated, nat")),
        }
    }
}

/// Whether a machine is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PowerState {
    /// On.
    Running,
    /// Off.
    Stopped,
}

/// How a machine finds its boot loader; generation 1 and 2 in Hyper-V's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Firmware {
    /// Master boot record.
    #[default]
    Bios,
    /// EFI system partition.
    Uefi,
}

/// A machine to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineSpec {
    /// Names its folder, its process and its sockets.
    pub id: Uuid,
    /// For people who look at the host's process list.
    pub name: String,
    /// Virtual processors.
    pub vcpus: u32,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Our own qcow2 files, the boot disk first.
    pub disks: Vec<PathBuf>,
    /// Identity for a generalized image; `None` for a machine that keeps the one it has.
    pub seed: Option<Seed>,
    /// Six octets in hexadecimal with colons.
    pub mac: String,
    /// What the image boots with.
    pub firmware: Firmware,
}

/// What a NoCloud reader (cloud-init, or the demo image's own) gives a machine at its first start.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed {
    /// A new one makes a new machine of a copied disk.
    pub instance_id: String,
    /// The new host name; `None` keeps the old one.
    pub local_hostname: Option<String>,
    /// An account with sudo; `None` adds no account.
    pub user: Option<String>,
    /// crypt(3) hash of its password, `$6$…`.
    pub password_hash: Option<String>,
    /// OpenSSH public keys, one line each.
    pub ssh_keys: Vec<String>,
}

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Seed")
            .field("instance_id", &self.instance_id)
            .field("local_hostname", &self.local_hostname)
            .field("user", &self.user)
            .field(
                "password_hash",
                &self.password_hash.as_ref().map(|_| "[hidden]"),
            )
            .field("ssh_keys", &self.ssh_keys.len())
            .finish()
    }
}
