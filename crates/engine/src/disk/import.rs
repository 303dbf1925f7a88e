//! Uploads: refused unless plain data, then converted once and never opened again.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::header::{Header, read_start};
use super::image::{file_node, pseudo_name, require_space};
use super::{DiskFacts, DiskFormat, Disks, vmdk, vpc};
use crate::tool::{Finished, Limits, Tool, blocking};
use crate::{EngineError, Watch};

impl Disks {
    /// Looks at an upload without converting it. `declared` is believed or refused, never guessed:
    /// a raw disk whose first bytes look like qcow2 is a raw disk.
    ///
    /// # Errors
    /// `Refused` where the disk is hostile, damaged or not of the declared format; `NotFound`, `Io`.
    pub async fn probe(&self, path: &Path, declared: DiskFormat) -> Result<DiskFacts, EngineError> {
        self.accept_file(path, declared).await?;
        let node = file_node(declared, path)?;
        let tool = Tool::new(&self.qemu_img, self.hostile(Duration::from_secs(30)))
            .args(["info", "--output=json"])
            .arg(pseudo_name(&node));
        let finished = tool.run(&Watch::silent()).await?;
        if !finished.succeeded() {
            return Err(unreadable(finished));
        }
        let info: Value = serde_json::from_slice(&finished.stdout).map_err(|_| {
            EngineError::refused(
                "DiskUnreadable",
                "The disk's description could not be read.",
            )
        })?;
        self.accept_info(&info, declared)
    }

    /// Converts an upload to our own qcow2 at `target`.
    ///
    /// # Errors
    /// What [`Disks::probe`] refuses, `NoSpace`, `Cancelled`; nothing stays under `target` then.
    pub async fn import(
        &self,
        source: &Path,
        format: DiskFormat,
        target: &Path,
        watch: &Watch,
    ) -> Result<DiskFacts, EngineError> {
        let facts = self.probe(source, format).await?;
        let node = file_node(format, source)?;
        let limits = self.hostile(self.limits.timeout);
        if matches!(
            format,
            DiskFormat::Qcow2 | DiskFormat::Vhdx | DiskFormat::Vmdk
        ) {
            self.check_node(&node, limits, watch)
                .await
                .map_err(refuse)?;
        }
        let needed = self.measure_node(&node, limits).await.map_err(refuse)?;
        require_space(target, needed)?;
        self.convert(&node, target, facts.virtual_bytes, needed, limits, watch)
            .await
            .map_err(refuse)?;
        self.facts(target).await
    }

    /// What can be told from the file's own bytes, before any other program opens it.
    async fn accept_file(&self, path: &Path, declared: DiskFormat) -> Result<(), EngineError> {
        let (path, most) = (path.to_owned(), self.limits.max_upload_bytes);
        blocking(move || {
            let metadata = path
                .symlink_metadata()
                .map_err(|source| EngineError::io("read", &path, source))?;
            if !metadata.is_file() {
                return Err(EngineError::refused(
                    "DiskUnsupported",
                    "The disk is not a regular file.",
                ));
            }
            if metadata.len() == 0 {
                return Err(EngineError::refused("DiskEmpty", "The file is empty."));
            }
            if metadata.len() > most {
                return Err(EngineError::refused(
                    "DiskTooLarge",
                    format!("The file is larger than {most} bytes."),
                ));
            }
            match declared {
                DiskFormat::Qcow2 => Header::read(&path)?.accept_upload(),
                DiskFormat::Raw if metadata.len() % 512 != 0 => Err(EngineError::refused(
                    "DiskTruncated",
                    "A raw disk is a whole number of 512-byte sectors long.",
                )),
                DiskFormat::Raw => Ok(()),
                DiskFormat::Vpc => vpc::accept_upload(&path),
                DiskFormat::Vhdx => accept_vhdx(&path),
                DiskFormat::Vmdk => vmdk::accept_upload(&path),
            }
        })
        .await
    }

    /// What QEMU says of the disk, as a second opinion on the header.
    fn accept_info(&self, info: &Value, declared: DiskFormat) -> Result<DiskFacts, EngineError> {
        let specific = &info["format-specific"]["data"];
        if !info["backing-filename"].is_null() || !info["full-backing-filename"].is_null() {
            return Err(EngineError::refused(
                "DiskHasBackingFile",
                "The disk is a layer over another file.",
            ));
        }
        if !specific["data-file"].is_null()
            || specific["extents"]
                .as_array()
                .is_some_and(|extents| extents.len() > 1)
        {
            return Err(EngineError::refused(
                "DiskHasDataFile",
                "The disk refers to another file.",
            ));
        }
        if info["encrypted"] == true {
            return Err(EngineError::refused(
                "DiskEncrypted",
                "The disk is encrypted; upload it decrypted.",
            ));
        }
        let virtual_bytes = info["virtual-size"].as_u64().unwrap_or(0);
        if virtual_bytes == 0 {
            return Err(EngineError::refused(
                "DiskEmpty",
                "The disk says that it has no sectors.",
            ));
        }
        let most = self.limits.max_virtual_bytes;
        if virtual_bytes > most {
            let message = format!(
                "The disk says that it has {virtual_bytes} bytes; at most {most} are accepted."
            );
            return Err(EngineError::refused("DiskTooLarge", message));
        }
        Ok(DiskFacts {
            format: declared,
            virtual_bytes,
            actual_bytes: info["actual-size"].as_u64().unwrap_or(0),
        })
    }

    /// Limits for a child that reads an upload: its output cannot outgrow the largest disk and its tables.
    fn hostile(&self, time: Duration) -> Limits {
        let most = self.limits.max_virtual_bytes;
        Limits {
            cpu_seconds: time.as_secs().max(1),
            memory_bytes: 4 << 30,
            file_bytes: most.saturating_add(most / 64).saturating_add(64 << 20),
            time,
        }
    }
}

/// QEMU itself refuses VHDX with a parent; the signature is checked here for a plain message.
fn accept_vhdx(path: &Path) -> Result<(), EngineError> {
    let failed = |source| EngineError::io("read", path, source);
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut signature = [0; 8];
    let length = read_start(&file, &mut signature).map_err(failed)?;
    if length == 8 && signature == *b"vhdxfile" {
        return Ok(());
    }
    Err(EngineError::refused(
        "DiskFormatMismatch",
        "The file is not a VHDX disk.",
    ))
}

/// On an upload, a tool's failure is the upload's fault unless it is the host's.
fn refuse(error: EngineError) -> EngineError {
    match error {
        EngineError::Tool {
            program,
            status,
            stderr,
        } => {
            tracing::warn!(
                program,
                status,
                stderr,
                "an uploaded disk could not be read"
            );
            EngineError::refused(
                "DiskUnreadable",
                "The disk is damaged or uses a feature that is not supported.",
            )
        }
        other => other,
    }
}

fn unreadable(finished: Finished) -> EngineError {
    refuse(finished.into_error())
}
