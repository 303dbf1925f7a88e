use std::io;
use std::path::{Path, PathBuf};

/// Why the engine could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The disk is unfit or hostile; `code` is stable and the message is fit for its owner.
    #[error("{message}")]
    Refused {
        /// PascalCase, for the API's error envelope.
        code: &'static str,
        /// One plain sentence without host paths.
        message: String,
    },
    /// A file system is too full; nothing half-written was left.
    #[error("not enough space in {place}: {needed} bytes are needed, {free} are free")]
    NoSpace {
        /// A region's name, or a folder.
        place: String,
        /// Bytes that the step needs, 0 when unknown.
        needed: u64,
        /// Bytes that were free when it failed.
        free: u64,
    },
    /// The watch asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// A region, object, disk or machine that is not there.
    #[error("{what} was not found")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// The host cannot do it now, and the reason says what to do.
    #[error("{what} is unavailable: {reason}")]
    Unavailable {
        /// A machine, a program, a store.
        what: String,
        /// Why, for an operator.
        reason: String,
    },
    /// Bytes differ from their checksum.
    #[error("{what} is corrupt: its checksum is {found}, not {expected}")]
    Corrupt {
        /// The object.
        what: String,
        /// The checksum recorded when it was made.
        expected: String,
        /// The checksum of what is there now.
        found: String,
    },
    /// The file system failed.
    #[error("could not {action} {path}: {source}", path = path.display())]
    Io {
        /// A verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A program failed in a way that none of the above explains.
    #[error("{program} failed ({status}): {stderr}")]
    Tool {
        /// Its name.
        program: String,
        /// Exit status or signal.
        status: String,
        /// The end of what it said.
        stderr: String,
    },
}

impl EngineError {
    pub(crate) fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused {
            code,
            message: message.into(),
        }
    }

    pub(crate) fn unavailable(what: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Unavailable {
            what: what.into(),
            reason: reason.into(),
        }
    }

    /// Sorts a failed system call: a full file system is its own kind of error, and so is a missing file.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::no_space(path, 0),
            io::ErrorKind::NotFound => Self::NotFound {
                what: path.display().to_string(),
            },
            _ => Self::Io {
                action,
                path: path.to_owned(),
                source,
            },
        }
    }

    pub(crate) fn no_space(path: &Path, needed: u64) -> Self {
        let folder = if path.is_dir() {
            path
        } else {
            path.parent().unwrap_or(path)
        };
        Self::NoSpace {
            place: folder.display().to_string(),
            needed,
            free: free_bytes(folder).unwrap_or(0),
        }
    }
}

/// Bytes that this process may still write in the file system of `path`.
pub(crate) fn free_bytes(path: &Path) -> Result<u64, EngineError> {
    let facts = rustix::fs::statvfs(path)
        .map_err(|source| EngineError::io("measure", path, source.into()))?;
    Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
}
