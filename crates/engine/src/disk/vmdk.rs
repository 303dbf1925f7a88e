//! VMDK, read by us before QEMU sees the file: only those kinds pass that hold all their data themselves.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::header::{be32, le64, read_start};
use crate::EngineError;

const SPARSE_MAGIC: u32 = u32::from_be_bytes(*b"KDMV");
const OLD_MAGIC: u32 = u32::from_be_bytes(*b"COWD");
const SECTOR: u64 = 512;
const LONGEST_DESCRIPTOR: u64 = 64 << 10;

/// # Errors
/// `Refused`, `Io`.
pub(super) fn accept_upload(path: &Path) -> Result<(), EngineError> {
    let read = |source| EngineError::io("read", path, source);
    let file = File::open(path).map_err(read)?;
    let mut head = vec![0; 512];
    let length = read_start(&file, &mut head).map_err(read)?;
    head.truncate(length);

    if head.starts_with(b"# Disk DescriptorFile") || be32(&head, 0) == Some(OLD_MAGIC) {
        return Err(EngineError::refused(
            "DiskHasDataFile",
            "The file only describes a disk in other files; upload a monolithicSparse or streamOptimized VMDK.",
        ));
    }
    if be32(&head, 0) != Some(SPARSE_MAGIC) {
        return Err(EngineError::refused(
            "DiskFormatMismatch",
            "The file is not a VMDK disk.",
        ));
    }
    let field = |offset| le64(&head, offset).ok_or_else(truncated);
    if field(12)? == 0 {
        // QEMU would then take the extents from the descriptor, and those name files.
        return Err(EngineError::refused(
            "DiskHasDataFile",
            "The VMDK's data is in other files; upload it in one file.",
        ));
    }
    let (offset, size) = (
        field(28)?.saturating_mul(SECTOR),
        field(36)?.saturating_mul(SECTOR),
    );
    if offset == 0 || size == 0 || size > LONGEST_DESCRIPTOR {
        return Err(EngineError::refused(
            "DiskUnsupported",
            "The VMDK has no descriptor inside, or one of absurd size.",
        ));
    }
    let mut descriptor = vec![0; usize::try_from(size).unwrap_or(0)];
    file.read_exact_at(&mut descriptor, offset)
        .map_err(|_| truncated())?;
    let end = descriptor
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(descriptor.len());
    accept_descriptor(&String::from_utf8_lossy(&descriptor[..end]))
}

fn truncated() -> EngineError {
    EngineError::refused("DiskTruncated", "The VMDK ends before its descriptor does.")
}

fn accept_descriptor(text: &str) -> Result<(), EngineError> {
    let value = |key: &str| {
        text.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case(key)
                .then(|| value.trim().trim_matches('"'))
        })
    };
    let no_parent = value("parentCID").is_none_or(|id| id.eq_ignore_ascii_case("ffffffff"));
    if !no_parent || text.to_ascii_lowercase().contains("parentfilename") {
        return Err(EngineError::refused(
            "DiskHasBackingFile",
            "The VMDK is a layer over another file; consolidate it first.",
        ));
    }
    match value("createType") {
        Some("monolithicSparse" | "streamOptimized") => {}
        kind => {
            let kind = kind.unwrap_or("nothing");
            return Err(EngineError::refused(
                "DiskUnsupported",
                format!(
                    "The VMDK says that it is {kind:.40}; upload a monolithicSparse or streamOptimized one."
                ),
            ));
        }
    }
    let extents = text.lines().filter(|line| {
        ["RW ", "RDONLY ", "NOACCESS "]
            .iter()
            .any(|kind| line.starts_with(kind))
    });
    if extents.count() > 1 {
        return Err(EngineError::refused(
            "DiskHasDataFile",
            "The VMDK is split over several files; upload it in one file.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::accept_descriptor;
    use crate::EngineError;

    fn code(text: &str) -> &'static str {
        match accept_descriptor(text) {
            Ok(()) => "ok",
            Err(EngineError::Refused { code, .. }) => code,
            Err(_) => "another error",
        }
    }

    #[test]
    fn only_descriptors_of_one_file_without_a_parent_pass() {
        let plain =
            "parentCID=ffffffff\ncreateType=\"monolithicSparse\"\nRW 100 SPARSE \"a.vmdk\"\n";
        assert_eq!(code(plain), "ok");
        assert_eq!(
            code(&plain.replace("ffffffff", "12345678")),
            "DiskHasBackingFile"
        );
        assert_eq!(
            code(&format!("{plain}parentFileNameHint=\"/etc/shadow\"\n")),
            "DiskHasBackingFile"
        );
        assert_eq!(
            code(&plain.replace("monolithicSparse", "twoGbMaxExtentFlat")),
            "DiskUnsupported"
        );
        assert_eq!(
            code(&format!("{plain}RW 100 FLAT \"/etc/shadow\" 0\n")),
            "DiskHasDataFile"
        );
        assert_eq!(code(""), "DiskUnsupported");
    }
}
