//! Where things are, and which crate depends on which, as cargo itself says it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::children;

/// The answer of `cargo metadata --no-deps`, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    /// The folder of the root manifest.
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the environment put it.
    #[serde(rename = "target_directory")]
    pub(crate) target: PathBuf,
    /// The crates of this workspace.
    pub(crate) packages: Vec<Package>,
}

/// One crate of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line of a crate's dependency tables.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None` for normal dependencies, else `dev` or `build`.
    pub(crate) kind: Option<String>,
    pub(crate) optional: bool,
}

impl Workspace {
    /// Asks cargo about the workspace around the current folder.
    pub(crate) fn find() -> Result<Self> {
        let json = children::output(Command::new("cargo").args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
        ]))?;
        serde_json::from_str(&json).context("cargo metadata answered something unexpected")
    }

    /// `cargo`, started in the workspace root and without what the cargo around us left in the environment.
    ///
    /// Build scripts that watch variables such as `CARGO_MANIFEST_DIR` would otherwise run again each time cargo is
    /// started from here instead of from a shell.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            let left_by_cargo = name.to_str().is_some_and(|name| {
                name.starts_with("CARGO_PKG_")
                    || name.starts_with("CARGO_MANIFEST_")
                    || name == "CARGO_CRATE_NAME"
            });
            if left_by_cargo {
                command.env_remove(name);
            }
        }
        command
    }
}
