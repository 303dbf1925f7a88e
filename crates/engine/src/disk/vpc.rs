//! VHD, read by us before QEMU sees the file: QEMU reads zeros where a truncated VHD has no blocks.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::header::{be32, be64};
use crate::EngineError;

const FOOTER_BYTES: u64 = 512;
const FIXED: u32 = 2;
const DYNAMIC: u32 = 3;
const DIFFERENCING: u32 = 4;
const UNALLOCATED: u32 = u32::MAX;
/// 2 TiB, the most that the format can hold, in its usual blocks of 2 MiB.
const MOST_BLOCKS: u32 = 1 << 20;

/// # Errors
/// `Refused`, `Io`.
pub(super) fn accept_upload(path: &Path) -> Result<(), EngineError> {
    let failed = |source| EngineError::io("read", path, source);
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let last = length.checked_sub(FOOTER_BYTES).ok_or_else(mismatch)?;
    let mut footer = [0; FOOTER_BYTES as usize];
    file.read_exact_at(&mut footer, last).map_err(failed)?;
    if !is_footer(&footer) {
        file.read_exact_at(&mut footer, 0).map_err(failed)?;
        // A dynamic disk repeats its footer at the start, so one that is cut off is told from what is no VHD.
        return Err(if is_footer(&footer) {
            truncated()
        } else {
            mismatch()
        });
    }
    let field = |offset| be64(&footer, offset).unwrap_or(0);
    match be32(&footer, 60) {
        Some(FIXED) if field(48) != last => Err(truncated()),
        Some(FIXED) => Ok(()),
        Some(DYNAMIC) => accept_blocks(&file, field(16), last),
        Some(DIFFERENCING) => Err(EngineError::refused(
            "DiskHasBackingFile",
            "The VHD is a layer over another file; merge it first.",
        )),
        _ => Err(EngineError::refused(
            "DiskUnsupported",
            "The VHD is neither fixed nor dynamic.",
        )),
    }
}

fn is_footer(footer: &[u8]) -> bool {
    let sum = footer
        .iter()
        .enumerate()
        .filter(|(index, _)| !(64..68).contains(index));
    let sum = sum.fold(0_u32, |sum, (_, byte)| sum.wrapping_add(u32::from(*byte)));
    footer.starts_with(b"conectix") && be32(footer, 64) == Some(!sum)
}

/// Checks that every allocated block of a dynamic disk lies before the footer.
fn accept_blocks(file: &File, header_offset: u64, end: u64) -> Result<(), EngineError> {
    let mut header = [0; 1024];
    file.read_exact_at(&mut header, header_offset)
        .map_err(|_| truncated())?;
    let (Some(table), Some(count), Some(block_bytes)) =
        (be64(&header, 16), be32(&header, 28), be32(&header, 32))
    else {
        return Err(truncated());
    };
    if !header.starts_with(b"cxsparse")
        || !block_bytes.is_power_of_two()
        || block_bytes < 512
        || count > MOST_BLOCKS
    {
        return Err(EngineError::refused(
            "DiskCorrupt",
            "The VHD's table of blocks is damaged.",
        ));
    }
    let mut entries = vec![0; count as usize * 4];
    file.read_exact_at(&mut entries, table)
        .map_err(|_| truncated())?;
    let sector_map = (u64::from(block_bytes) / 512)
        .div_ceil(8)
        .next_multiple_of(512);
    for entry in entries.as_chunks::<4>().0 {
        let sector = u32::from_be_bytes(*entry);
        if sector != UNALLOCATED
            && u64::from(sector) * 512 + sector_map + u64::from(block_bytes) > end
        {
            return Err(truncated());
        }
    }
    Ok(())
}

fn mismatch() -> EngineError {
    EngineError::refused("DiskFormatMismatch", "The file is not a VHD disk.")
}

fn truncated() -> EngineError {
    EngineError::refused(
        "DiskTruncated",
        "The VHD is cut off: it is shorter than it says.",
    )
}
