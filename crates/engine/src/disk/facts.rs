use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The formats that uploads may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DiskFormat {
    /// QEMU's own, and ours at rest.
    Qcow2,
    /// The disk's sectors, whatever they look like.
    Raw,
    /// VHD, fixed or dynamic; QEMU calls it `vpc`.
    Vpc,
    /// Hyper-V's VHDX.
    Vhdx,
    /// VMware's, in one file.
    Vmdk,
}

impl DiskFormat {
    /// QEMU's name of the driver.
    pub fn driver(self) -> &'static str {
        match self {
            Self::Qcow2 => "qcow2",
            Self::Raw => "raw",
            Self::Vpc => "vpc",
            Self::Vhdx => "vhdx",
            Self::Vmdk => "vmdk",
        }
    }

    /// What the name says: a suggestion for a form, which the uploader confirms.
    pub fn from_file_name(name: &str) -> Option<Self> {
        let extension = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "qcow2" => Some(Self::Qcow2),
            "raw" | "img" => Some(Self::Raw),
            "vhd" | "vpc" => Some(Self::Vpc),
            "vhdx" => Some(Self::Vhdx),
            "vmdk" => Some(Self::Vmdk),
            _ => None,
        }
    }
}

impl fmt::Display for DiskFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.driver())
    }
}

impl FromStr for DiskFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "qcow2" => Ok(Self::Qcow2),
            "raw" => Ok(Self::Raw),
            "vpc" | "vhd" => Ok(Self::Vpc),
            "vhdx" => Ok(Self::Vhdx),
            "vmdk" => Ok(Self::Vmdk),
            _ => Err(format!(
                "\"{text}\" is not one of qcow2, raw, vhd, vhdx, vmdk"
            )),
        }
    }
}

/// What a disk is and how large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiskFacts {
    /// The file's format.
    pub format: DiskFormat,
    /// The size that a machine sees; rule B2 looks at this.
    pub virtual_bytes: u64,
    /// The bytes that the file occupies on the host; what is billed.
    pub actual_bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::DiskFormat;

    #[test]
    fn formats_are_suggested_by_the_last_extension() {
        assert_eq!(
            DiskFormat::from_file_name("a.b/Ubuntu 24.VHD"),
            Some(DiskFormat::Vpc)
        );
        assert_eq!(
            DiskFormat::from_file_name("disk.qcow2"),
            Some(DiskFormat::Qcow2)
        );
        assert_eq!(DiskFormat::from_file_name("disk.qcow2.exe"), None);
        assert_eq!(DiskFormat::from_file_name("qcow2"), None);
    }

    #[test]
    fn formats_print_what_they_parse() {
        for format in [
            DiskFormat::Qcow2,
            DiskFormat::Raw,
            DiskFormat::Vpc,
            DiskFormat::Vhdx,
            DiskFormat::Vmdk,
        ] {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        assert_eq!("vhd".parse(), Ok(DiskFormat::Vpc));
        assert!("vdi".parse::<DiskFormat>().is_err());
    }
}
