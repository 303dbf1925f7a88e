//! A verified and durable copy to another region's store against `cp` and `sync` of the same file.

use std::fs;
use std::process::Command;

use anyhow::Result;

use super::disk::{Bench, sync};
use super::pairs::{time_of, timed};
use super::table::Row;
use crate::workspace::Workspace;

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Row>> {
    let bench = Bench::open(workspace)?;
    let (disk, copy) = (bench.disk(false)?, bench.path("cp.qcow2"));
    // Puts the disk into the store that the measured copies start from.
    bench.engine("replicate", &disk)?;
    let row = timed(
        "replication of 2 GiB in 127 GiB, verified",
        "cp + sync",
        || bench.settle(),
        || bench.engine("replicate", &disk),
        || {
            let mut cp = Command::new("cp");
            cp.arg(&disk).arg(&copy);
            let time = time_of(&mut [cp, sync(&copy)])?;
            fs::remove_file(&copy)?;
            Ok(time)
        },
    )?;
    Ok(vec![row])
}
