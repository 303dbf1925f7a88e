//! A copy that is verified while it is made.
//!
//! Two threads: one reads and writes, the other follows, sums each block once, and reads it back from the
//! target to compare. So a verified copy takes the time of a plain one on two cores.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use sha2::{Digest as _, Sha256};

use crate::disk::Checksum;
use crate::error::free_bytes;
use crate::{EngineError, Progress, Watch, disk};

const BLOCK_BYTES: usize = 1 << 20;
const BLOCKS: usize = 4;

/// A file's next bytes, on their way from the writer to the verifier.
struct Block {
    bytes: Vec<u8>,
    length: usize,
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
    let copied =
        copy_verified(from, &to, source, target, total_bytes, what, watch).and_then(|found| {
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

fn copy_verified(
    from: File,
    to: &File,
    source: &Path,
    target: &Path,
    total_bytes: u64,
    what: &str,
    watch: &Watch,
) -> Result<Checksum, EngineError> {
    std::thread::scope(|scope| {
        let (filled, to_verify) = mpsc::sync_channel::<Block>(BLOCKS);
        let (emptied, to_fill) = mpsc::channel::<Block>();
        for _ in 0..BLOCKS {
            let _ = emptied.send(Block {
                bytes: vec![0; BLOCK_BYTES],
                length: 0,
            });
        }
        let verifier = scope.spawn(move || verify_blocks(to, target, what, &to_verify, &emptied));
        let written = write_blocks(
            from,
            to,
            (source, target),
            total_bytes,
            watch,
            &to_fill,
            &filled,
        );
        drop(filled);
        let verified = match verifier.join() {
            Ok(verified) => verified,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        // A verifier that failed has closed its channel, which made the writer stop early without an error.
        let checksum = verified?;
        written.map(|()| checksum)
    })
}

fn write_blocks(
    mut from: File,
    mut to: &File,
    (source, target): (&Path, &Path),
    total_bytes: u64,
    watch: &Watch,
    to_fill: &mpsc::Receiver<Block>,
    filled: &mpsc::SyncSender<Block>,
) -> Result<(), EngineError> {
    let mut done_bytes = 0;
    while let Ok(mut block) = to_fill.recv() {
        watch.proceed()?;
        block.length = fill(&mut from, &mut block.bytes)
            .map_err(|error| EngineError::io("read", source, error))?;
        if block.length == 0 {
            break;
        }
        to.write_all(&block.bytes[..block.length])
            .map_err(|error| EngineError::io("write", target, error))?;
        done_bytes += block.length as u64;
        watch.report(Progress {
            done_bytes,
            total_bytes,
        });
        if filled.send(block).is_err() {
            break;
        }
    }
    Ok(())
}

fn verify_blocks(
    written: &File,
    target: &Path,
    what: &str,
    to_verify: &mpsc::Receiver<Block>,
    emptied: &mpsc::Sender<Block>,
) -> Result<Checksum, EngineError> {
    let mut digest = Sha256::new();
    let mut back = vec![0; BLOCK_BYTES];
    let mut offset = 0;
    while let Ok(block) = to_verify.recv() {
        let bytes = &block.bytes[..block.length];
        let back = &mut back[..block.length];
        written
            .read_exact_at(back, offset)
            .map_err(|error| EngineError::io("read back", target, error))?;
        if back != bytes {
            let expected = Checksum::of(Sha256::new_with_prefix(bytes)).to_string();
            let found = Checksum::of(Sha256::new_with_prefix(&*back)).to_string();
            return Err(EngineError::Corrupt {
                what: format!("{what}, block at {offset}"),
                expected,
                found,
            });
        }
        digest.update(bytes);
        offset += block.length as u64;
        // The writer has gone when all is written.
        let _ = emptied.send(block);
    }
    Ok(Checksum::of(digest))
}

fn fill(from: &mut File, bytes: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < bytes.len() {
        match from.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
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
