//! What runs machines and holds disks.
//!
//! Three parts, each usable alone:
//!
//! - [`Disks`] turns hostile uploads into our own qcow2, makes layers, flattens them and sums them, with `qemu-img`.
//! - [`RegionStores`] keeps image replicas, one store a region, as real and verified copies.
//! - [`Hypervisor`] is the seam behind which machines run; [`QemuHypervisor`] runs them on this host.
//!
//! Nothing here knows of tenants, permissions or jobs: callers pass paths, keys and ids, and a [`Watch`]
//! for whatever takes long. A step that is cancelled, killed or out of space leaves nothing under its
//! final name; what it wrote under a partial name is reused or removed by the next try.

mod disk;
mod error;
mod hypervisor;
mod qemu;
mod stores;
mod tool;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use disk::{Checksum, DiskFacts, DiskFormat, Disks, ImportLimits};
pub use error::EngineError;
pub use hypervisor::{
    Accelerator, AcceleratorChoice, ConsoleStream, Firmware, HostFacts, Hypervisor, MachineSpec,
    NetworkMode, PowerState, Seed,
};
pub use qemu::QemuHypervisor;
pub use stores::{RegionStoreConfig, RegionStores};
use uuid::Uuid;
pub use watch::{Progress, Watch};

/// Everything the engine must be told by the configuration.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Folder for machines, uploads and half-made disks.
    pub data_dir: PathBuf,
    /// One store for each region.
    pub regions: Vec<RegionStoreConfig>,
    /// Hardware virtualization, software emulation, or whichever works.
    pub accelerator: AcceleratorChoice,
    /// The emulator's program, by path or by name.
    pub qemu_system: PathBuf,
    /// The disk tool's program, by path or by name.
    pub qemu_img: PathBuf,
    /// What machines can reach.
    pub network: NetworkMode,
    /// What an uploaded disk may cost.
    pub import: ImportLimits,
}

impl EngineConfig {
    /// Debian's program names, isolated machines and default limits under `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>, regions: Vec<RegionStoreConfig>) -> Self {
        Self {
            data_dir: data_dir.into(),
            regions,
            accelerator: AcceleratorChoice::Auto,
            qemu_system: PathBuf::from("qemu-system-x86_64"),
            qemu_img: PathBuf::from("qemu-img"),
            network: NetworkMode::Isolated,
            import: ImportLimits::default(),
        }
    }
}

/// The engine of one portal; clones share it.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    data_dir: PathBuf,
    disks: Disks,
    stores: RegionStores,
    hypervisor: Arc<dyn Hypervisor>,
}

impl Engine {
    /// Makes the folders that are missing and opens every region's store.
    ///
    /// # Errors
    /// `Io` where a folder cannot be made, `NotFound` where no region is configured.
    pub fn open(
        config: EngineConfig,
        hypervisor: Arc<dyn Hypervisor>,
    ) -> Result<Self, EngineError> {
        let data_dir = std::path::absolute(&config.data_dir)
            .map_err(|source| EngineError::io("find", &config.data_dir, source))?;
        for folder in ["machines", "staging", "uploads"] {
            private_folder(&data_dir.join(folder))?;
        }
        let shared = Shared {
            disks: Disks::new(config.qemu_img, config.import),
            stores: RegionStores::open(config.regions)?,
            hypervisor,
            data_dir,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Reads, converts and layers disks.
    pub fn disks(&self) -> &Disks {
        &self.shared.disks
    }

    /// The regions' stores of image replicas.
    pub fn stores(&self) -> &RegionStores {
        &self.shared.stores
    }

    /// The driver that runs machines.
    pub fn hypervisor(&self) -> &Arc<dyn Hypervisor> {
        &self.shared.hypervisor
    }

    /// Where one machine's layer, sockets and logs are.
    pub fn machine_dir(&self, id: Uuid) -> PathBuf {
        machine_dir(&self.shared.data_dir, id)
    }

    /// Where disks are made before a store adopts them; on the same file system as the machines.
    pub fn staging_dir(&self) -> PathBuf {
        self.shared.data_dir.join("staging")
    }

    /// Where uploads arrive, untrusted.
    pub fn uploads_dir(&self) -> PathBuf {
        self.shared.data_dir.join("uploads")
    }

    /// Bytes that uploads may still take on their file system.
    ///
    /// # Errors
    /// `Io` where the file system can't be measured.
    pub fn uploads_free_bytes(&self) -> Result<u64, EngineError> {
        error::free_bytes(&self.uploads_dir())
    }
}

fn machine_dir(data_dir: &Path, id: Uuid) -> PathBuf {
    data_dir.join("machines").join(id.to_string())
}

/// Makes a folder that only this user can open: sockets and disks inside need no further guard.
fn private_folder(path: &Path) -> Result<(), EngineError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| EngineError::io("make folder", path, source))
}
