//! Disks to measure with, and the engine as a program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::children;
use crate::workspace::Workspace;

/// The largest disk that labs take (rule B2 draws the line at 128 GiB).
const VIRTUAL_SIZE: &str = "127G";
/// Used space lies in pieces of this size all over the disk.
const PIECE_BYTES: usize = 64 << 20;
const PIECES: usize = 32;

/// A folder for disks, on the file system that the build is on; gone with the value.
#[derive(Debug)]
pub(super) struct Bench {
    folder: TempDir,
    engine: PathBuf,
}

impl Bench {
    pub(super) fn open(workspace: &Workspace) -> Result<Self> {
        let build = [
            "build",
            "--release",
            "--package",
            "engine",
            "--example",
            "disk",
        ];
        children::run(&mut workspace.cargo(&build))?;
        let folder = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(&workspace.target)?;
        Ok(Self {
            folder,
            engine: workspace.target.join("release/examples/disk"),
        })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A disk with 2 GiB used: one file, or half of it in a layer over the other half, as a template VM has it.
    pub(super) fn disk(&self, in_layers: bool) -> Result<PathBuf> {
        let piece = self.path("piece");
        fs::write(&piece, noise(PIECE_BYTES))?;
        let disk = self.path("disk.qcow2");
        if in_layers {
            let base = self.path("base.qcow2");
            create(&base, None)?;
            fill(&base, &piece, (0..PIECES).step_by(2))?;
            create(&disk, Some(&base))?;
            fill(&disk, &piece, (1..PIECES).step_by(2))?;
        } else {
            create(&disk, None)?;
            fill(&disk, &piece, 0..PIECES)?;
        }
        Ok(disk)
    }

    /// The time of one of the engine's own copies, as the engine's program tells it.
    pub(super) fn engine(&self, task: &str, source: &Path) -> Result<Duration> {
        let mut command = Command::new(&self.engine);
        command.arg(task).arg(source).arg(self.folder.path());
        let seconds = children::output(&mut command)?;
        let seconds: f64 = seconds.trim().parse().context("the engine told no time")?;
        Ok(Duration::from_secs_f64(seconds))
    }

    /// Waits until nothing is left to write, so that each run starts with an idle disk.
    pub(super) fn settle(&self) -> Result<()> {
        children::run(Command::new("sync").arg("-f").arg(self.folder.path()))
    }
}

/// `sync FILE`: as durable as what the engine publishes.
pub(super) fn sync(file: &Path) -> Command {
    let mut command = Command::new("sync");
    command.arg(file);
    command
}

fn create(disk: &Path, base: Option<&Path>) -> Result<()> {
    let mut command = Command::new("qemu-img");
    command.args(["create", "-q", "-f", "qcow2"]);
    if let Some(base) = base {
        command.args(["-F", "qcow2", "-b"]).arg(base);
    }
    children::run(command.arg(disk).arg(VIRTUAL_SIZE))
}

fn fill(disk: &Path, piece: &Path, places: impl Iterator<Item = usize>) -> Result<()> {
    let mut command = Command::new("qemu-io");
    command.args(["-f", "qcow2"]);
    for place in places {
        let write = format!(
            "write -q -s {} {}M {PIECE_BYTES}",
            piece.display(),
            place * 3900
        );
        command.args(["-c", &write]);
    }
    children::run(command.arg(disk))
}

/// Bytes that no file system and no disk can make smaller (xorshift).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.take(length / 8).flatten().collect()
}
