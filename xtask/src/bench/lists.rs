//! Lists that grow, and requests against Axum and sqlx alone.
//!
//! The work is done by the example `lists` of the server, which has the whole server in it. The promise: the first
//! page of 10,000 rows takes at most a fifth longer than that of 100. The aim beside it, not reached yet: half of what
//! the bare handler answers.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::table::{Amount, Limit, Row};
use crate::children;
use crate::workspace::Workspace;

/// How much slower a page of the long list may be.
const SLOWER: f64 = 1.2;

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Row>> {
    let build = [
        "build",
        "--release",
        "--package",
        "server",
        "--example",
        "lists",
    ];
    children::run(&mut workspace.cargo(&build))?;
    let mut lists = Command::new(workspace.target.join("release/examples/lists"));
    let told = children::output(lists.current_dir(&workspace.root))?;
    told.lines().map(row).collect()
}

fn row(line: &str) -> Result<Row> {
    let rate = |text: &str| text.parse().map(Amount::PerSecond).context("a rate");
    let cells: Vec<&str> = line.split('\t').collect();
    Ok(match cells.as_slice() {
        ["rate", name, bytes, ours, bare] => Row {
            what: format!(
                "{name}, {}",
                Amount::Bytes(bytes.parse().context("a size")?)
            ),
            ours: rate(ours)?,
            limit: Some(Limit::Told {
                yardstick: "bare axum and sqlx",
                amount: rate(bare)?,
            }),
        },
        ["flat", name, few, many] => Row {
            what: format!("{name}, of 10,000"),
            ours: rate(many)?,
            limit: Some(Limit::Ratio {
                yardstick: "of 100",
                amount: rate(few)?,
                at_most: SLOWER,
            }),
        },
        ["create", name, ours, bare] => Row {
            what: format!("{name} are created"),
            ours: rate(ours)?,
            limit: Some(Limit::Told {
                yardstick: "bare rows by sqlx",
                amount: rate(bare)?,
            }),
        },
        _ => bail!("the example lists said {line:?}"),
    })
}
