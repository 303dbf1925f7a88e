//! Flattening a template VM's disk against `qemu-img convert` and `sync`.

use std::fs;
use std::process::Command;

use anyhow::Result;

use super::disk::{Bench, sync};
use super::pairs::{time_of, timed};
use super::table::Row;
use crate::workspace::Workspace;

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Row>> {
    let bench = Bench::open(workspace)?;
    let (disk, flat) = (bench.disk(true)?, bench.path("convert.qcow2"));
    let row = timed(
        "export of 2 GiB in 127 GiB, two layers",
        "qemu-img convert + sync",
        || bench.settle(),
        || bench.engine("flatten", &disk),
        || {
            let mut convert = Command::new("qemu-img");
            convert.args(["convert", "-f", "qcow2", "-O", "qcow2"]);
            convert.arg(&disk).arg(&flat);
            let time = time_of(&mut [convert, sync(&flat)])?;
            fs::remove_file(&flat)?;
            Ok(time)
        },
    )?;
    Ok(vec![row])
}
