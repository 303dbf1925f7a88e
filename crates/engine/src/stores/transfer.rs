//! A copy that is verified while it is made.
//!
//! Two threads: one copies block by block inside the kernel, reads each block back from the target and sets its
//! write-back going; the other sums what was read back. So a verified copy takes the time of a plain one on two
//! cores, and the sync at its end finds little left to write.

use std::fs::{File, OpenOptions};
use std::io;
use std::num::NonZeroU64;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use rustix::fs::{Advice, SeekFrom};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

use crate::disk::Checksum;
use crate::error::free_bytes;
use crate::{EngineError, Progress, Watch, disk};

/// Small enough that a block is still in the processor's cache when it is read back.
const BLOCK_BYTES: usize = 1 << 20;
const BLOCKS: usize = 4;
/// How much is written between two nudges to the kernel to bring it to the disk.
const WRITE_BACK_BYTES: u64 = 8 << 20;

/// The next bytes of the copy, on their way to be summed.
struct Block {
    bytes: Vec<u8>,
    length: usize,
}

/// One copy under way.
struct Transfer<'a> {
    from: &'a File,
    to: &'a File,
    source: &'a Path,
    target: &'a Path,
    total_bytes: u64,
    /// Whether each block is held against the original; else the checksum of the whole tells.
    compares: bool,
    what: &'a str,
    watch: &'a Watch,
}

pub(super) fn transfer(
    source: &Path,
    target: &Path,
    expected: Option<&Checksum>,
    what: &str,
    watch: &Watch,
) -> Result<Checksum, EngineError> {
    let reading = |error| EngineError::io("read", source, error);
    let from = File::open(source).map_err(reading)?;
    let total_bytes = from.metadata().map_err(reading)?.len();
    let folder = target.parent().unwrap_or(target);
    crate::private_folder(folder)?;
    if free_bytes(folder)? < total_bytes {
        return Err(EngineError::no_space(target, total_bytes));
    }
    let partial = partial(target);
    let to = claim(&partial)?;
    let transfer = Transfer {
        from: &from,
        to: &to,
        source,
        target,
        total_bytes,
        compares: expected.is_none(),
        what,
        watch,
    };
    let copied = transfer.run().and_then(|found| {
        if let Some(expected) = expected {
            expected.expect(&found, what)?;
        }
        to.sync_data()
            .map_err(|error| EngineError::io("write", target, error))?;
        std::fs::rename(&partial, target)
            .map_err(|error| EngineError::io("publish", target, error))?;
        disk::sync_folder(target)?;
        Ok(found)
    });
    if copied.is_err() {
        discard(&partial);
    }
    copied
}

impl Transfer<'_> {
    /// The checksum of the copy as it was read back.
    fn run(&self) -> Result<Checksum, EngineError> {
        std::thread::scope(|scope| {
            let (filled, to_sum) = mpsc::sync_channel::<Block>(BLOCKS);
            let (emptied, to_fill) = mpsc::channel::<Block>();
            for _ in 0..BLOCKS {
                let _ = emptied.send(Block {
                    bytes: vec![0; BLOCK_BYTES],
                    length: 0,
                });
            }
            let summer = scope.spawn(move || sum(&to_sum, &emptied));
            let copied = self.copy(&to_fill, &filled);
            drop(filled);
            match summer.join() {
                Ok(checksum) => copied.map(|()| checksum),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    fn copy(
        &self,
        to_fill: &mpsc::Receiver<Block>,
        filled: &mpsc::SyncSender<Block>,
    ) -> Result<(), EngineError> {
        let writing = |error| EngineError::io("write", self.target, error);
        // Holes are left out below: the length comes first, so that they read as zeros.
        self.to.set_len(self.total_bytes).map_err(writing)?;
        let mut original = vec![0; if self.compares { BLOCK_BYTES } else { 0 }];
        let (mut done_bytes, mut nudged_bytes) = (0, 0);
        while done_bytes < self.total_bytes
            && let Ok(mut block) = to_fill.recv()
        {
            self.watch.proceed()?;
            let end = self.total_bytes.min(done_bytes + BLOCK_BYTES as u64);
            self.copy_data(done_bytes, end).map_err(writing)?;
            block.length = usize::try_from(end - done_bytes).unwrap_or(BLOCK_BYTES);
            let copy = &mut block.bytes[..block.length];
            self.to
                .read_exact_at(copy, done_bytes)
                .map_err(|error| EngineError::io("read back", self.target, error))?;
            if self.compares {
                let original = &mut original[..block.length];
                self.from
                    .read_exact_at(original, done_bytes)
                    .map_err(|error| EngineError::io("read", self.source, error))?;
                expect_same(original, copy, || {
                    format!("{}, block at {done_bytes}", self.what)
                })?;
            }
            done_bytes = end;
            if done_bytes - nudged_bytes >= WRITE_BACK_BYTES {
                write_back(self.to, nudged_bytes, done_bytes);
                nudged_bytes = done_bytes;
            }
            self.watch.report(Progress {
                done_bytes,
                total_bytes: self.total_bytes,
            });
            if filled.send(block).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Copies what is no hole between two offsets. `sendfile` moves bytes within the kernel and, other than
    /// `copy_file_range`, never lets both files share their blocks.
    fn copy_data(&self, start: u64, end: u64) -> io::Result<()> {
        let mut offset = start;
        while let Some((data, data_end)) = next_data(self.from, offset, end)? {
            rustix::fs::seek(self.to, SeekFrom::Start(data))?;
            offset = data;
            while offset < data_end {
                let length = usize::try_from(data_end - offset).unwrap_or(BLOCK_BYTES);
                let sent = loop {
                    let sent = rustix::fs::sendfile(self.to, self.from, Some(&mut offset), length);
                    if sent != Err(Errno::INTR) {
                        break sent?;
                    }
                };
                if sent == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
        Ok(())
    }
}

/// The first stretch between two offsets that is no hole.
fn next_data(file: &File, start: u64, end: u64) -> io::Result<Option<(u64, u64)>> {
    if start >= end {
        return Ok(None);
    }
    let data = match rustix::fs::seek(file, SeekFrom::Data(start)) {
        Ok(data) if data < end => data,
        Ok(_) | Err(Errno::NXIO) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let hole = rustix::fs::seek(file, SeekFrom::Hole(data))?;
    Ok(Some((data, hole.min(end))))
}

/// Asks the kernel to start writing; it keeps in memory what is not yet on the disk. Only a hint: the sync at the
/// end is what counts.
fn write_back(file: &File, start: u64, end: u64) {
    if let Err(error) =
        rustix::fs::fadvise(file, start, NonZeroU64::new(end - start), Advice::DontNeed)
    {
        tracing::debug!(%error, "early write-back is not to be had");
    }
}

fn expect_same(
    original: &[u8],
    copy: &[u8],
    what: impl FnOnce() -> String,
) -> Result<(), EngineError> {
    if original == copy {
        return Ok(());
    }
    let checksum = |bytes| Checksum::of(Sha256::new_with_prefix(bytes));
    checksum(original).expect(&checksum(copy), &what())
}

fn sum(to_sum: &mpsc::Receiver<Block>, emptied: &mpsc::Sender<Block>) -> Checksum {
    let mut digest = Sha256::new();
    while let Ok(block) = to_sum.recv() {
        digest.update(&block.bytes[..block.length]);
        // The other thread has gone when all is copied.
        let _ = emptied.send(block);
    }
    Checksum::of(digest)
}

/// The name of a copy in the making. `object_store` takes a `#` with digits for a staged upload and lists none.
pub(super) fn partial(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push("#0");
    target.with_file_name(name)
}

/// Opens the partial file for this copy alone; the lock ends with the process, so a killed one hinders nobody.
fn claim(partial: &Path) -> Result<File, EngineError> {
    let failed = |error| EngineError::io("write", partial, error);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(partial)
        .map_err(failed)?;
    if file.try_lock().is_err() {
        return Err(EngineError::unavailable(
            partial.display().to_string(),
            "another copy to it is under way",
        ));
    }
    file.set_len(0).map_err(failed)?;
    Ok(file)
}

pub(super) fn discard(partial: &Path) {
    if let Err(error) = std::fs::remove_file(partial)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %partial.display(), %error, "a half-made copy could not be removed");
    }
}

/// Whether the file could be renamed; `false` where it lies on another file system.
pub(super) fn rename(source: &Path, target: &Path) -> Result<bool, EngineError> {
    let folder = target.parent().unwrap_or(target);
    crate::private_folder(folder)?;
    match std::fs::rename(source, target) {
        Ok(()) => disk::sync_folder(target).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound && target.is_file() => Ok(true),
        Err(error) => Err(EngineError::io("move", source, error)),
    }
}
