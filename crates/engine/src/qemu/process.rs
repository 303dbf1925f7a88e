//! The QEMU process of a machine, told from any other process that got its number since.

use std::fs;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use uuid::Uuid;

/// A handle that cannot come to mean another process.
#[derive(Debug)]
pub(super) struct Process {
    handle: OwnedFd,
}

impl Process {
    /// The running process that the pid file names, if its command line bears the machine's id.
    pub(super) fn find(folder: &Path, id: Uuid) -> Option<Self> {
        let pid = fs::read_to_string(folder.join("qemu.pid")).ok()?;
        let number: i32 = pid.trim().parse().ok()?;
        // The handle comes first: what is read of /proc after it is about the process behind the handle or nothing.
        let handle = pidfd_open(Pid::from_raw(number)?, PidfdFlags::empty()).ok()?;
        let command_line = fs::read(format!("/proc/{number}/cmdline")).ok()?;
        let id = id.to_string();
        let ours = command_line
            .split(|byte| *byte == 0)
            .any(|argument| argument == id.as_bytes());
        ours.then_some(Self { handle })
    }

    pub(super) fn kill(&self) {
        if let Err(error) = pidfd_send_signal(&self.handle, Signal::KILL) {
            tracing::debug!(%error, "a process ended before it could be killed");
        }
    }
}

/// Removes what a machine that is off may have left behind.
pub(super) fn clear_stale(folder: &Path) {
    for name in ["qmp.sock", "vnc.sock", "serial.sock", "qemu.pid"] {
        let _ = fs::remove_file(folder.join(name));
    }
}
