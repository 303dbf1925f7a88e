//! Disks: uploads, layers, copies, checksums.

mod accounts;
mod checksum;
mod ext4;
mod facts;
mod generalize;
mod header;
mod image;
mod import;
mod partition;
mod vmdk;
mod vpc;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use checksum::Checksum;
pub(crate) use checksum::hash_file;
pub use facts::{DiskFacts, DiskFormat};
pub(crate) use image::{block_node, sync_folder};

use crate::{EngineError, Watch};

/// What an uploaded disk may cost the host.
#[derive(Clone, Copy, Debug)]
pub struct ImportLimits {
    /// Size of the upload itself.
    pub max_upload_bytes: u64,
    /// Size that the disk claims; larger ones are refused before a byte is converted.
    pub max_virtual_bytes: u64,
    /// Wall-clock time for the conversion.
    pub timeout: Duration,
}

impl Default for ImportLimits {
    fn default() -> Self {
        Self {
            max_upload_bytes: 256 << 30,
            max_virtual_bytes: 1 << 40,
            timeout: Duration::from_secs(2 * 60 * 60),
        }
    }
}

/// Reads, converts and layers disks with `qemu-img`.
///
/// No method lets QEMU guess: the format of each file and of what lies beneath it is always given.
#[derive(Clone, Debug)]
pub struct Disks {
    qemu_img: PathBuf,
    limits: ImportLimits,
}

impl Disks {
    pub(crate) fn new(qemu_img: PathBuf, limits: ImportLimits) -> Self {
        Self { qemu_img, limits }
    }

    /// The limits that uploads are held to.
    pub fn import_limits(&self) -> &ImportLimits {
        &self.limits
    }

    /// The checksum of a file's bytes.
    ///
    /// # Errors
    /// `NotFound`, `Io`, `Cancelled`.
    pub async fn checksum(&self, path: &Path, watch: &Watch) -> Result<Checksum, EngineError> {
        hash_file(path, watch).await
    }
}
