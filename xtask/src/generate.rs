//! Files that are derived from the code and kept in the repository, so that their changes are read in review.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::build::{self, Mode};
use crate::children;
use crate::rules;
use crate::workspace::Workspace;

/// Builds the server, and writes or checks every derived file.
pub(crate) fn derived_files(workspace: &Workspace, check: bool) -> Result<()> {
    build::server(workspace, Mode::Dev)?;
    from_server(
        workspace,
        &Mode::Dev.server_folder(workspace).join("vitrine"),
        check,
    )
}

/// Writes or checks the derived files with a server that is built already.
pub(crate) fn from_server(workspace: &Workspace, server: &Path, check: bool) -> Result<()> {
    let printed = children::output(Command::new(server).arg("openapi"))?;
    let document: Value = serde_json::from_str(&printed)
        .context("vitrine openapi printed something that is not JSON")?;
    let version = document["info"]["version"]
        .as_str()
        .context("the OpenAPI document has no version")?;
    let file = workspace
        .root
        .join("docs/api")
        .join(format!("{version}.json"));
    let document = format!("{}\n", printed.trim_end());
    let rules = rules::page(workspace)?;
    for (file, text) in [
        (file, document),
        (workspace.root.join("docs/RULES.md"), rules),
    ] {
        if check {
            check_file(&file, &text)?;
        } else {
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    Ok(())
}

fn check_file(file: &Path, wanted: &str) -> Result<()> {
    if fs::read_to_string(file).unwrap_or_default() == wanted {
        return Ok(());
    }
    bail!(
        "{} is not what the code says: run `cargo xtask generate` and commit the result",
        file.display()
    );
}
