//! Our own qcow2: layers, flattening, facts.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::header::Header;
use super::{DiskFacts, DiskFormat, Disks};
use crate::error::free_bytes;
use crate::tool::{Limits, Tool, blocking};
use crate::{EngineError, Progress, Watch};

const MOST_LAYERS: usize = 16;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What qemu-img may use on disks of our own making.
pub(super) const TRUSTED: Limits = Limits {
    cpu_seconds: 24 * 60 * 60,
    memory_bytes: 8 << 30,
    file_bytes: 64 << 40,
    time: DAY,
};

impl Disks {
    /// Makes an empty layer over `backing`. One that is there already over the same backing file is kept.
    ///
    /// # Errors
    /// `Unavailable` where `target` is something else, `NotFound`, `NoSpace`, `Tool`.
    pub async fn overlay_create(&self, backing: &Path, target: &Path) -> Result<(), EngineError> {
        let backing = backing
            .canonicalize()
            .map_err(|source| EngineError::io("find", backing, source))?;
        match Header::read(target) {
            Ok(header) if header.backing.as_deref() == Some(&*backing) => return Ok(()),
            Err(EngineError::NotFound { .. }) => {}
            _ => {
                return Err(EngineError::unavailable(
                    target.display().to_string(),
                    "another disk is there",
                ));
            }
        }
        let partial = partial(target);
        let tool = Tool::new(&self.qemu_img, TRUSTED)
            .args(["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b"])
            .arg(backing)
            .arg(&partial);
        self.finish(tool, &Watch::silent(), &partial, target, 0)
            .await
    }

    /// Makes an empty disk of this size, in place of one that may be there.
    ///
    /// # Errors
    /// `NoSpace`, `Tool`.
    pub async fn create(&self, target: &Path, virtual_bytes: u64) -> Result<(), EngineError> {
        let partial = partial(target);
        let tool = Tool::new(&self.qemu_img, TRUSTED)
            .args(["create", "-q", "-f", "qcow2"])
            .arg(&partial)
            .arg(virtual_bytes.to_string());
        self.finish(tool, &Watch::silent(), &partial, target, 0)
            .await
    }

    /// Writes the whole chain of layers under `source` as one disk. Holes stay holes.
    ///
    /// # Errors
    /// `Cancelled`, `NoSpace`, `NotFound`, `Tool`; nothing stays under `target` then.
    pub async fn flatten(
        &self,
        source: &Path,
        target: &Path,
        watch: &Watch,
    ) -> Result<DiskFacts, EngineError> {
        let needed = self.measure(source).await?;
        require_space(target, needed)?;
        let node = block_node(source)?;
        let total_bytes = Header::read(source)?.virtual_bytes;
        self.convert(&node, target, total_bytes, needed, TRUSTED, watch)
            .await?;
        self.facts(target).await
    }

    /// The bytes that [`Disks::flatten`] will need at most.
    ///
    /// # Errors
    /// `NotFound`, `Tool`.
    pub async fn measure(&self, source: &Path) -> Result<u64, EngineError> {
        self.measure_node(&block_node(source)?, TRUSTED).await
    }

    pub(super) async fn measure_node(
        &self,
        node: &Value,
        limits: Limits,
    ) -> Result<u64, EngineError> {
        #[derive(Deserialize)]
        struct Measured {
            required: u64,
        }
        let tool = Tool::new(&self.qemu_img, limits)
            .args(["measure", "--force-share", "--output=json", "-O", "qcow2"])
            .arg(pseudo_name(node));
        let finished = tool.run(&Watch::silent()).await?;
        match serde_json::from_slice::<Measured>(&finished.stdout) {
            Ok(measured) if finished.succeeded() => Ok(measured.required),
            _ => Err(finished.into_error()),
        }
    }

    /// Checks the tables of one of our own disks. Leaked clusters, which a cut of power leaves, are harmless.
    ///
    /// # Errors
    /// `Refused` with code `DiskCorrupt`, `NotFound`, `Tool`.
    pub async fn check(&self, path: &Path) -> Result<(), EngineError> {
        self.check_node(&block_node(path)?, TRUSTED, &Watch::silent())
            .await
    }

    pub(super) async fn check_node(
        &self,
        node: &Value,
        limits: Limits,
        watch: &Watch,
    ) -> Result<(), EngineError> {
        let tool = Tool::new(&self.qemu_img, limits)
            .args(["check", "-q"])
            .arg(pseudo_name(node));
        let finished = tool.run(watch).await?;
        match finished.code {
            Some(0 | 3) => Ok(()),
            Some(2) => Err(EngineError::refused(
                "DiskCorrupt",
                "The disk's tables contradict each other or its length.",
            )),
            _ => Err(finished.into_error()),
        }
    }

    /// Size of one of our own disks, also while a machine runs on it.
    ///
    /// # Errors
    /// `NotFound`, `Io`, `Refused` where it is no qcow2.
    pub async fn facts(&self, path: &Path) -> Result<DiskFacts, EngineError> {
        let path = path.to_owned();
        blocking(move || {
            let header = Header::read(&path)?;
            let metadata = path
                .metadata()
                .map_err(|source| EngineError::io("read", &path, source))?;
            Ok(DiskFacts {
                format: DiskFormat::Qcow2,
                virtual_bytes: header.virtual_bytes,
                actual_bytes: metadata.blocks() * 512,
            })
        })
        .await
    }

    /// Converts a node to our own qcow2, under its final name only when it is complete and on the disk.
    pub(super) async fn convert(
        &self,
        node: &Value,
        target: &Path,
        total_bytes: u64,
        needed: u64,
        limits: Limits,
        watch: &Watch,
    ) -> Result<(), EngineError> {
        let partial = partial(target);
        let mut tool = Tool::new(&self.qemu_img, limits).args(["convert", "-p", "-O", "qcow2"]);
        tool = tool.arg(pseudo_name(node)).arg(&partial);
        let mut meter = Meter::default();
        let hear = |piece: &[u8]| {
            if let Some(hundredths) = meter.hear(piece) {
                let done_bytes = u128::from(total_bytes) * u128::from(hundredths) / 10_000;
                watch.report(Progress {
                    done_bytes: u64::try_from(done_bytes).unwrap_or(total_bytes),
                    total_bytes,
                });
            }
        };
        let finished = tool.run_hearing(watch, hear).await;
        self.settle(finished, &partial, target, needed).await
    }

    async fn finish(
        &self,
        tool: Tool,
        watch: &Watch,
        partial: &Path,
        target: &Path,
        needed: u64,
    ) -> Result<(), EngineError> {
        let finished = tool.run(watch).await;
        self.settle(finished, partial, target, needed).await
    }

    /// Gives what a tool wrote its final name, or removes it.
    async fn settle(
        &self,
        finished: Result<crate::tool::Finished, EngineError>,
        partial: &Path,
        target: &Path,
        needed: u64,
    ) -> Result<(), EngineError> {
        let result = match finished {
            Ok(finished) if finished.succeeded() => publish(partial, target).await,
            Ok(finished) if finished.out_of_space() => Err(EngineError::no_space(target, needed)),
            Ok(finished) => Err(finished.into_error()),
            Err(error) => Err(error),
        };
        if result.is_err() {
            discard(partial);
        }
        result
    }
}

/// The name under which a disk is made: one per target, so that the next try overwrites what a killed one left.
fn partial(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    target.with_file_name(name)
}

fn discard(partial: &Path) {
    if let Err(error) = std::fs::remove_file(partial)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(path = %partial.display(), %error, "a half-made disk could not be removed");
    }
}

async fn publish(partial: &Path, target: &Path) -> Result<(), EngineError> {
    let (partial, target) = (partial.to_owned(), target.to_owned());
    blocking(move || {
        let failed = |source| EngineError::io("publish", &target, source);
        std::fs::File::open(&partial)
            .and_then(|file| file.sync_all())
            .map_err(failed)?;
        std::fs::rename(&partial, &target).map_err(failed)?;
        sync_folder(&target)
    })
    .await
}

/// Makes a rename survive a power cut.
pub(crate) fn sync_folder(target: &Path) -> Result<(), EngineError> {
    let folder = target.parent().unwrap_or(target);
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| EngineError::io("sync", folder, source))
}

/// # Errors
/// `NoSpace` where the file system of `target` has less than `needed`.
pub(super) fn require_space(target: &Path, needed: u64) -> Result<(), EngineError> {
    let folder = target.parent().unwrap_or(target);
    if free_bytes(folder)? < needed {
        Err(EngineError::no_space(target, needed))
    } else {
        Ok(())
    }
}

/// One of our own disks with its layers, each with its format, for QEMU's `-blockdev` and for qemu-img.
pub(crate) fn block_node(path: &Path) -> Result<Value, EngineError> {
    layers(path, MOST_LAYERS)
}

fn layers(path: &Path, left: usize) -> Result<Value, EngineError> {
    if left == 0 {
        return Err(EngineError::refused(
            "DiskTooDeep",
            format!("The disk has more than {MOST_LAYERS} layers."),
        ));
    }
    let header = Header::read(path)?;
    let mut node = file_node(DiskFormat::Qcow2, path)?;
    if let Some(backing) = header.backing {
        // QEMU, too, takes a relative name from the layer's own folder.
        let backing = path.parent().unwrap_or(path).join(backing);
        let mut below = layers(&backing, left - 1)?;
        below["read-only"] = json!(true);
        node["backing"] = below;
    }
    Ok(node)
}

/// One file, its format given and nothing beneath it.
pub(super) fn file_node(format: DiskFormat, path: &Path) -> Result<Value, EngineError> {
    let path = std::path::absolute(path).map_err(|source| EngineError::io("find", path, source))?;
    let Some(name) = path.to_str() else {
        return Err(EngineError::unavailable(
            path.display().to_string(),
            "the path is not UTF-8",
        ));
    };
    let mut node =
        json!({ "driver": format.driver(), "file": { "driver": "file", "filename": name } });
    match format {
        DiskFormat::Qcow2 => node["backing"] = Value::Null,
        // Not the size computed from cylinders, which loses the end of some makers' disks.
        DiskFormat::Vpc => node["force_size_calc"] = json!("current_size"),
        DiskFormat::Raw | DiskFormat::Vhdx | DiskFormat::Vmdk => {}
    }
    Ok(node)
}

/// The way to hand a node to qemu-img without its guessing.
pub(super) fn pseudo_name(node: &Value) -> String {
    format!("json:{node}")
}

/// Reads `(12.34/100%)` from the pieces that `qemu-img -p` prints.
#[derive(Debug, Default)]
struct Meter {
    line: Vec<u8>,
}

impl Meter {
    /// The newest share in hundredths of a percent.
    fn hear(&mut self, piece: &[u8]) -> Option<u32> {
        self.line.extend_from_slice(piece);
        let end = self.line.iter().rposition(|byte| *byte == b')')?;
        let start = self.line[..end].iter().rposition(|byte| *byte == b'(');
        let share = start
            .and_then(|start| std::str::from_utf8(&self.line[start + 1..end]).ok())
            .and_then(|text| {
                let (whole, hundredths) = text.strip_suffix("/100%")?.split_once('.')?;
                Some(whole.parse::<u32>().ok()? * 100 + hundredths.parse::<u32>().ok()?)
            });
        self.line.drain(..=end);
        share
    }
}

#[cfg(test)]
mod tests {
    use super::Meter;

    #[test]
    fn the_meter_reads_shares_cut_anywhere() {
        let mut meter = Meter::default();
        assert_eq!(meter.hear(b"    (0.00/100%)\r    (1.2"), Some(0));
        assert_eq!(meter.hear(b"5/100%"), None);
        assert_eq!(
            meter.hear(b")\r    (99.99/100%)\r    (100.00/100%)\r"),
            Some(10_000)
        );
        assert_eq!(meter.hear(b"rubbish)"), None);
    }
}
