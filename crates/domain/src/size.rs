//! Sizes of disks: bytes inside, binary units for people.

use serde::{Deserialize, Serialize};

/// A disk's size in bytes; shown in binary units, because the 128 GiB rule counts in them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct DiskSize(u64);

const GIB: u64 = 1 << 30;

impl DiskSize {
    /// A size in whole GiB.
    #[must_use]
    pub const fn from_gib(gib: u64) -> Self {
        Self(gib * GIB)
    }

    /// A size in bytes.
    #[must_use]
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The size in bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// The size in GiB, rounded up, as `sizeInGB` is written on the wire.
    #[must_use]
    pub const fn gib_ceil(self) -> u64 {
        self.0.div_ceil(GIB)
    }
}

impl std::fmt::Display for DiskSize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const UNITS: [(&str, u64); 4] = [
            ("TiB", 1 << 40),
            ("GiB", GIB),
            ("MiB", 1 << 20),
            ("KiB", 1 << 10),
        ];
        for (unit, size) in UNITS {
            if self.0 >= size {
                let tenths = (u128::from(self.0) * 10).div_ceil(u128::from(size));
                return if tenths.is_multiple_of(10) {
                    write!(f, "{} {unit}", tenths / 10)
                } else {
                    write!(f, "{}.{} {unit}", tenths / 10, tenths % 10)
                };
            }
        }
        write!(f, "{} B", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_above_128_gib_does_not_read_as_128_gib() {
        assert_eq!(DiskSize::from_gib(128).to_string(), "128 GiB");
        assert_eq!(
            DiskSize::from_bytes(DiskSize::from_gib(128).bytes() + 1).to_string(),
            "128.1 GiB"
        );
    }

    #[test]
    fn small_sizes_keep_their_unit() {
        assert_eq!(DiskSize::from_bytes(0).to_string(), "0 B");
        assert_eq!(DiskSize::from_bytes(1536).to_string(), "1.5 KiB");
    }
}
