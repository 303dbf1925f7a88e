//! `./dev bench`: what the project promises, measured against a yardstick and printed as ratios.
//!
//! To add a bench, write a file beside this one with `pub(super) fn measure(&Workspace) -> Result<Vec<Row>>` and name
//! it in [`BENCHES`]. A bench measures our own code as a user meets it (the release server, the real files) and the
//! yardstick in the same run on the same disk, each several times in turn, and gives the medians. The run fails when
//! a row is worse than its limit.

mod disk;
mod export;
mod lists;
mod pages;
mod pairs;
mod replicate;
mod start;
mod table;
mod tokens;
mod wasm;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use table::Row;

/// One thing that is measured.
#[derive(Debug)]
struct Bench {
    name: &'static str,
    measure: fn(&Workspace) -> Result<Vec<Row>>,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "export",
        measure: export::measure,
    },
    Bench {
        name: "replicate",
        measure: replicate::measure,
    },
    Bench {
        name: "pages",
        measure: pages::measure,
    },
    Bench {
        name: "lists",
        measure: lists::measure,
    },
    Bench {
        name: "tokens",
        measure: tokens::measure,
    },
    Bench {
        name: "start",
        measure: start::measure,
    },
    Bench {
        name: "wasm",
        measure: wasm::measure,
    },
];

/// Measures and prints; fails when a limit is not held.
pub(crate) fn run(workspace: &Workspace, name: Option<&str>) -> Result<()> {
    let mut rows = Vec::new();
    for bench in BENCHES
        .iter()
        .filter(|bench| name.is_none_or(|part| bench.name.contains(part)))
    {
        eprintln!("measuring {} …", bench.name);
        rows.extend((bench.measure)(workspace).with_context(|| format!("bench {}", bench.name))?);
    }
    if rows.is_empty() {
        let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
        bail!(
            "no bench has that in its name; there are {}",
            names.join(", ")
        );
    }
    print!("{}", table::print(&rows));
    let broken: Vec<&str> = rows
        .iter()
        .filter(|row| !row.is_held())
        .map(|row| row.what.as_str())
        .collect();
    if !broken.is_empty() {
        bail!("over the limit: {}", broken.join(", "));
    }
    Ok(())
}
