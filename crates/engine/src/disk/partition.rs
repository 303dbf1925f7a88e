//! Where a disk's ext2, ext3 and ext4 file systems begin.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use crate::EngineError;

const SECTOR_BYTES: u64 = 512;
const MOST_PARTITIONS: u32 = 128;
const GPT_TYPE: u8 = 0xee;
/// The magic number lies in the superblock, a kilobyte behind the file system's start.
const EXT_MAGIC_AT: u64 = 1024 + 56;
const EXT_MAGIC: [u8; 2] = [0x53, 0xef];

/// The offsets in bytes of the ext file systems on a raw disk: in its partitions, or the whole disk.
///
/// # Errors
/// `Io`, `NotFound`.
pub(super) fn ext_offsets(disk: &Path) -> Result<Vec<u64>, EngineError> {
    let file = File::open(disk).map_err(|source| EngineError::io("open", disk, source))?;
    let mut offsets = vec![0];
    offsets.extend(partitions(&file).unwrap_or_default());
    offsets.retain(|offset| {
        let magic = offset.checked_add(EXT_MAGIC_AT);
        magic.and_then(|at| read::<2>(&file, at)) == Some(EXT_MAGIC)
    });
    offsets.dedup();
    Ok(offsets)
}

/// The partitions of a master boot record, or of the GUID table that it announces.
fn partitions(file: &File) -> Option<Vec<u64>> {
    let record = read::<512>(file, 0)?;
    if record[510..] != [0x55, 0xaa] {
        return None;
    }
    let entries = (0..4).map(|number| &record[446 + 16 * number..][..16]);
    let mut found = Vec::new();
    for entry in entries {
        match entry[4] {
            0 => {}
            GPT_TYPE => return guid_partitions(file),
            _ => found.push(u64::from(le32(entry, 8)) * SECTOR_BYTES),
        }
    }
    Some(found)
}

fn guid_partitions(file: &File) -> Option<Vec<u64>> {
    let header = read::<92>(file, SECTOR_BYTES)?;
    if &header[..8] != b"EFI PART" {
        return None;
    }
    let table = le64(&header, 72).checked_mul(SECTOR_BYTES)?;
    let (count, size) = (le32(&header, 80).min(MOST_PARTITIONS), le32(&header, 84));
    let mut found = Vec::new();
    for number in 0..count {
        let at = table.checked_add(u64::from(number) * u64::from(size))?;
        let entry = read::<48>(file, at)?;
        if entry[..16] != [0; 16] {
            found.push(le64(&entry, 32).checked_mul(SECTOR_BYTES)?);
        }
    }
    Some(found)
}

fn read<const BYTES: usize>(file: &File, at: u64) -> Option<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    file.read_exact_at(&mut bytes, at).ok()?;
    Some(bytes)
}

fn le32(bytes: &[u8], at: usize) -> u32 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(number)
}

fn le64(bytes: &[u8], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
}

#[cfg(test)]
mod tests {
    use super::{EXT_MAGIC, EXT_MAGIC_AT, ext_offsets};

    const MIB: usize = 1 << 20;

    fn offsets(bytes: &[u8]) -> Vec<u64> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk.raw");
        std::fs::write(&path, bytes).unwrap();
        ext_offsets(&path).unwrap()
    }

    fn with_magic(mut disk: Vec<u8>, start: usize) -> Vec<u8> {
        let at = start + usize::try_from(EXT_MAGIC_AT).unwrap();
        disk[at..at + 2].copy_from_slice(&EXT_MAGIC);
        disk
    }

    #[test]
    fn a_file_system_on_the_whole_disk_is_found() {
        assert_eq!(offsets(&with_magic(vec![0; MIB], 0)), [0]);
        assert!(offsets(&vec![0; MIB]).is_empty());
    }

    #[test]
    fn a_file_system_in_a_partition_is_found() {
        let mut disk = vec![0; 4 * MIB];
        disk[446 + 4] = 0x83;
        disk[446 + 8..446 + 12].copy_from_slice(&2048_u32.to_le_bytes());
        disk[510..512].copy_from_slice(&[0x55, 0xaa]);
        assert_eq!(offsets(&with_magic(disk, MIB)), [1 << 20]);
    }

    #[test]
    fn a_file_system_in_a_guid_partition_is_found() {
        let mut disk = vec![0; 4 * MIB];
        disk[446 + 4] = 0xee;
        disk[510..512].copy_from_slice(&[0x55, 0xaa]);
        disk[512..520].copy_from_slice(b"EFI PART");
        disk[512 + 72] = 2;
        disk[512 + 80] = 4;
        disk[512 + 84] = 128;
        disk[1024] = 1;
        disk[1024 + 32..1024 + 40].copy_from_slice(&4096_u64.to_le_bytes());
        assert_eq!(offsets(&with_magic(disk, 2 * MIB)), [2 << 20]);
    }

    #[test]
    fn tables_that_claim_the_impossible_are_not_followed() {
        let mut disk = vec![0xff; MIB];
        disk[510..512].copy_from_slice(&[0x55, 0xaa]);
        disk[446 + 4] = 0xee;
        disk[512..520].copy_from_slice(b"EFI PART");
        assert!(offsets(&disk).is_empty());
    }
}
