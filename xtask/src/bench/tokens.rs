//! Programs that sign in, against a bare Axum handler that signs the same token.
//!
//! The work is done by the example `tokens` of the server, which has the whole server in it; both sides speak plain
//! HTTP over loopback. The promise is 200 sign-ins a second, beside which pages of the portal go on being quick.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::table::{Amount, Limit, Row};
use crate::children;
use crate::workspace::Workspace;

/// Sign-ins a second that are promised.
const PROMISED: f64 = 200.0;

/// How much longer a page may take beside them.
const SLOWER: f64 = 5.0;

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Row>> {
    let build = [
        "build",
        "--release",
        "--package",
        "server",
        "--example",
        "tokens",
    ];
    children::run(&mut workspace.cargo(&build))?;
    let mut tokens = Command::new(workspace.target.join("release/examples/tokens"));
    let told = children::output(tokens.current_dir(&workspace.root))?;
    let mut rows = Vec::new();
    for line in told.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells.as_slice() {
            ["pages", alone, beside] => rows.push(page(alone, beside)?),
            [name, bytes, ours, bare] => rows.extend(sign_in(name, bytes, ours, bare)?),
            _ => bail!("the example tokens said {line:?}"),
        }
    }
    Ok(rows)
}

fn sign_in(name: &str, bytes: &str, ours: &str, bare: &str) -> Result<[Row; 2]> {
    let rate = |text: &str| text.parse().map(Amount::PerSecond).context("a rate");
    let size = Amount::Bytes(bytes.parse().context("a size")?);
    let ours = rate(ours)?;
    let against_promise = Row {
        what: name.to_owned(),
        ours,
        limit: Some(Limit::Ratio {
            yardstick: "promised",
            amount: Amount::PerSecond(PROMISED),
            at_most: 1.0,
        }),
    };
    let against_bare = Row {
        what: format!("{name}, {size}"),
        ours,
        limit: Some(Limit::Told {
            yardstick: "bare axum handler that signs",
            amount: rate(bare)?,
        }),
    };
    Ok([against_promise, against_bare])
}

fn page(alone: &str, beside: &str) -> Result<Row> {
    let time = |text: &str| {
        let micros = text.parse().context("a time")?;
        anyhow::Ok(Amount::Time(Duration::from_micros(micros)))
    };
    Ok(Row {
        what: "a page beside 200 sign-ins a second".to_owned(),
        ours: time(beside)?,
        limit: Some(Limit::Ratio {
            yardstick: "alone",
            amount: time(alone)?,
            at_most: SLOWER,
        }),
    })
}
