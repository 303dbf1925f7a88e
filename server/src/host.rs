//! Facts of the host that the server runs on.

use std::path::{Path, PathBuf};

/// The host's name.
pub(crate) fn name() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

/// From now on files that this process makes are its user's alone.
pub(crate) fn private_files() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Bytes that this process may still write in the file system of `path`, or of the nearest folder above that exists.
pub(crate) fn free_bytes(path: &Path) -> std::io::Result<u64> {
    let path = existing(path);
    let facts = rustix::fs::statvfs(&path)?;
    Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
}

/// The path, or the nearest folder above it that exists.
pub(crate) fn existing(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute
        .ancestors()
        .find(|folder| folder.exists())
        .unwrap_or(Path::new("/"))
        .to_owned()
}
