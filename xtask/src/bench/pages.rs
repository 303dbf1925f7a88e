//! Pages and lists against a bare Axum handler that sends the same bytes.
//!
//! The work is done by the example `pages` of the server, which has the whole server in it; both sides speak plain
//! HTTP over loopback on connections that stay open. No limit: rendering and asking the database is the work.

use std::process::Command;

use anyhow::{Context, Result};

use super::table::{Amount, Limit, Row};
use crate::children;
use crate::workspace::Workspace;

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Row>> {
    let build = [
        "build",
        "--release",
        "--package",
        "server",
        "--example",
        "pages",
    ];
    children::run(&mut workspace.cargo(&build))?;
    let mut pages = Command::new(workspace.target.join("release/examples/pages"));
    let told = children::output(pages.current_dir(&workspace.root))?;
    told.lines().map(row).collect()
}

/// `name <tab> bytes <tab> ours per second <tab> bare per second`
fn row(line: &str) -> Result<Row> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [name, bytes, ours, bare] = cells.as_slice() else {
        anyhow::bail!("the example pages said {line:?}");
    };
    let rate = |text: &str| text.parse().map(Amount::PerSecond).context("a rate");
    let size = Amount::Bytes(bytes.parse().context("a size")?);
    Ok(Row {
        what: format!("{name}, {size}"),
        ours: rate(ours)?,
        limit: Some(Limit::Told {
            yardstick: "bare axum handler",
            amount: rate(bare)?,
        }),
    })
}
