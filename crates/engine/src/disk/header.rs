//! The qcow2 header, read by us before QEMU sees the file.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use crate::EngineError;

const MAGIC: u32 = 0x5146_49fb;
const VERSION_2_BYTES: usize = 72;
const LONGEST_NAME: usize = 1023;
const MOST_EXTENSIONS: usize = 32;

const DIRTY: u64 = 1;
const CORRUPT: u64 = 1 << 1;
const DATA_FILE: u64 = 1 << 2;
const COMPRESSION_TYPE: u64 = 1 << 3;
const EXTENDED_L2: u64 = 1 << 4;

const EXTENSION_BACKING_FORMAT: u32 = 0xe279_2aca;
const EXTENSION_ENCRYPTION: u32 = 0x0537_be77;
const EXTENSION_DATA_FILE: u32 = 0x4441_5441;

/// The parts of a qcow2 header that decide what else would be opened.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) virtual_bytes: u64,
    pub(crate) backing: Option<PathBuf>,
    encrypted: bool,
    incompatible: u64,
    names_other_files: bool,
}

impl Header {
    /// # Errors
    /// `Refused` where the file is no qcow2, `Io`, `NotFound`.
    pub(crate) fn read(path: &Path) -> Result<Self, EngineError> {
        let file = File::open(path).map_err(|source| EngineError::io("open", path, source))?;
        let mut bytes = vec![0; 64 << 10];
        let length = read_start(&file, &mut bytes)
            .map_err(|source| EngineError::io("read", path, source))?;
        bytes.truncate(length);
        Self::parse(&bytes).ok_or_else(|| {
            EngineError::refused(
                "DiskFormatMismatch",
                "The file is not a qcow2 disk, or its header is damaged.",
            )
        })
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let version = be32(bytes, 4)?;
        if be32(bytes, 0)? != MAGIC || !(2..=3).contains(&version) {
            return None;
        }
        let backing_offset = usize::try_from(be64(bytes, 8)?).ok()?;
        let backing_length = usize::try_from(be32(bytes, 16)?).ok()?;
        let backing = if backing_offset == 0 {
            None
        } else {
            let name = bytes.get(
                backing_offset..backing_offset.checked_add(backing_length.min(LONGEST_NAME))?,
            )?;
            Some(PathBuf::from(String::from_utf8(name.to_vec()).ok()?))
        };
        let (incompatible, header_bytes) = match version {
            2 => (0, VERSION_2_BYTES),
            _ => (be64(bytes, 72)?, usize::try_from(be32(bytes, 100)?).ok()?),
        };
        let extensions = extensions(bytes, header_bytes)?;
        Some(Self {
            virtual_bytes: be64(bytes, 24)?,
            backing,
            encrypted: be32(bytes, 32)? != 0 || extensions.contains(&EXTENSION_ENCRYPTION),
            incompatible,
            names_other_files: extensions
                .iter()
                .any(|kind| [EXTENSION_BACKING_FORMAT, EXTENSION_DATA_FILE].contains(kind)),
        })
    }

    /// Whether an upload is plain data in one file.
    ///
    /// # Errors
    /// `Refused` with the first reason found.
    pub(crate) fn accept_upload(&self) -> Result<(), EngineError> {
        let refuse = EngineError::refused;
        if self.backing.is_some() {
            return Err(refuse(
                "DiskHasBackingFile",
                "The disk is a layer over another file; upload a flattened disk.",
            ));
        }
        if self.incompatible & DATA_FILE != 0 || self.names_other_files {
            return Err(refuse(
                "DiskHasDataFile",
                "The disk refers to another file; upload a disk in one file.",
            ));
        }
        if self.encrypted {
            return Err(refuse(
                "DiskEncrypted",
                "The disk is encrypted; upload it decrypted.",
            ));
        }
        if self.incompatible & CORRUPT != 0 {
            return Err(refuse(
                "DiskCorrupt",
                "The disk is marked as corrupt; repair it before the upload.",
            ));
        }
        if self.incompatible & !(DIRTY | COMPRESSION_TYPE | EXTENDED_L2) != 0 {
            return Err(refuse(
                "DiskUnsupported",
                "The disk needs a feature of qcow2 that is not supported.",
            ));
        }
        Ok(())
    }
}

/// The kinds of the header extensions; `None` where they run out of the header.
fn extensions(bytes: &[u8], mut offset: usize) -> Option<Vec<u32>> {
    let mut kinds = Vec::new();
    while kinds.len() < MOST_EXTENSIONS {
        let kind = be32(bytes, offset)?;
        let length = usize::try_from(be32(bytes, offset.checked_add(4)?)?).ok()?;
        if kind == 0 {
            return Some(kinds);
        }
        kinds.push(kind);
        offset = offset
            .checked_add(8)?
            .checked_add(length.checked_next_multiple_of(8)?)?;
    }
    None
}

/// Fills as much of `bytes` as the file has.
pub(super) fn read_start(file: &File, bytes: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while length < bytes.len() {
        match file.read_at(&mut bytes[length..], length as u64)? {
            0 => break,
            count => length += count,
        }
    }
    Ok(length)
}

pub(super) fn be32(bytes: &[u8], offset: usize) -> Option<u32> {
    let field = bytes.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_be_bytes(field.try_into().ok()?))
}

pub(super) fn be64(bytes: &[u8], offset: usize) -> Option<u64> {
    let field = bytes.get(offset..offset.checked_add(8)?)?;
    Some(u64::from_be_bytes(field.try_into().ok()?))
}

pub(super) fn le64(bytes: &[u8], offset: usize) -> Option<u64> {
    be64(bytes, offset).map(u64::swap_bytes)
}
