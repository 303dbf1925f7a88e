//! Fingerprints of files: the names of what browsers cache, and the memory of what has been built already.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Collects what a build was made from.
#[derive(Debug, Default)]
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds text, for example the options of the build.
    #[must_use]
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.update(text.as_bytes());
        self.0.update([0]);
        self
    }

    /// Adds the names and the contents of a file, or of all files below a folder save in `node_modules`.
    ///
    /// What does not exist counts as empty.
    pub(crate) fn path(mut self, path: &Path) -> Result<Self> {
        for file in files_below(path)? {
            self.0.update(file.as_os_str().as_encoded_bytes());
            self.0.update([0]);
            let contents =
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            self.0.update(contents.len().to_le_bytes());
            self.0.update(contents);
        }
        Ok(self)
    }

    /// Sixteen hexadecimal digits: enough to tell versions apart, short enough for a file name.
    pub(crate) fn finish(self) -> String {
        self.0
            .finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// The fingerprint of some bytes.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    let mut sha = Sha256::new();
    sha.update(bytes);
    Fingerprint(sha).finish()
}

/// A file, or all files below a folder in a stable order, save in `node_modules` and hidden folders.
pub(crate) fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", path.display())),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let is_skipped = name == "node_modules" || name.as_encoded_bytes().starts_with(b".");
        if is_skipped || entry.file_type()?.is_symlink() {
            continue;
        }
        files.extend(files_below(&entry.path())?);
    }
    files.sort();
    Ok(files)
}

/// Remembers in a small file which fingerprint a result was made from.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    now: String,
}

impl Stamp {
    pub(crate) fn new(file: PathBuf, now: String) -> Self {
        Self { file, now }
    }

    /// True when the result on disk was made from the same things.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|before| before == self.now)
    }

    /// Forgets the result, before it is made anew: a build that breaks off must not look like one that is done.
    pub(crate) fn forget(&self) -> Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Remembers that the result is made.
    pub(crate) fn write(&self) -> Result<()> {
        fs::write(&self.file, &self.now)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}
