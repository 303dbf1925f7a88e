//! Machines and disks that belong to no lab: virtual machines, managed disks, snapshots and managed images. Rules A4, A5,
//! A7, A8, A30-A36.

mod disk;
mod virtual_machine;

pub use disk::{
    DiskInput, DiskKind, DiskSource, DiskSourceInput, DiskView, ManagedImageInput,
    ManagedImageSource,
};
pub use virtual_machine::{
    AttachedDisk, DataDiskInput, DataDiskSource, MachineImage, OsDiskInput, OsProfile, PowerCode,
    VirtualMachineInput, VirtualMachineView,
};

use crate::lab::MachineSize;
use crate::name::NameRule;
use crate::violation::{Rule, Violation};

/// Names of machines, disks, snapshots and managed images.
const NAME: NameRule = NameRule {
    min: 1,
    max: 80,
    signs: "_.-",
    allowed: "letters, digits, “_”, “.” and “-”",
};

/// The size of this name, in whatever case it is written.
///
/// # Errors
/// `Required` or `SizeUnknown`, with the names there are.
pub fn size<'a>(
    target: &str,
    name: &str,
    sizes: &'a [MachineSize],
) -> Result<&'a MachineSize, Violation> {
    if name.is_empty() {
        return Err(Violation::new(Rule::Required, target));
    }
    let found = sizes
        .iter()
        .find(|size| size.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let names: Vec<&str> = sizes.iter().map(|size| size.name.as_str()).collect();
        Violation::new(Rule::SizeUnknown, target)
            .with("value", name)
            .with("allowed", names.join(", "))
    })
}
