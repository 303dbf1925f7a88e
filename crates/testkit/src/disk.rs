//! Disks for tests, made by the real tool.

use std::path::Path;
use std::process::Command;

/// Makes an empty qcow2 of this virtual size: kilobytes on the host, however large it claims to be.
pub fn blank_disk(path: &Path, gib: u64) {
    let made = Command::new("qemu-img")
        .args(["create", "-q", "-f", "qcow2"])
        .arg(path)
        .arg(format!("{gib}G"))
        .status()
        .expect("qemu-img runs; ./dev test installs it");
    assert!(made.success(), "qemu-img made no disk");
}
