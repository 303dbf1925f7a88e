//! The demo base image: built once from Debian packages, and again only when its recipe changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::children;
use crate::fingerprint::{Fingerprint, Stamp};
use crate::workspace::Workspace;

/// Where the recipe is.
const RECIPE: &str = "crates/engine/base-image";
const IMAGE: &str = "base.qcow2";

/// Builds the image when there is none of today's recipe, and gives its path.
pub(crate) fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target.join("base-image");
    let image = folder.join(IMAGE);
    let stamp = stamp(workspace, &folder)?;
    if stamp.is_current() && image.is_file() {
        return Ok(image);
    }
    fs::create_dir_all(&folder)?;
    stamp.forget()?;
    children::run(Command::new(workspace.root.join(RECIPE).join("build.sh")).arg(&folder))
        .context("the demo base image was not built")?;
    stamp.write()?;
    Ok(image)
}

/// Puts a copy of the image into a folder, unless today's is there.
pub(crate) fn place(workspace: &Workspace, folder: &Path) -> Result<()> {
    let target = folder.join(IMAGE);
    let stamp = stamp(workspace, folder)?;
    if stamp.is_current() && target.is_file() {
        return Ok(());
    }
    let image = ensure(workspace)?;
    fs::create_dir_all(folder)?;
    stamp.forget()?;
    let fresh = folder.join("base.qcow2.new");
    fs::copy(&image, &fresh)
        .with_context(|| format!("cannot copy the base image to {}", fresh.display()))?;
    fs::rename(&fresh, &target)
        .with_context(|| format!("cannot put the base image into {}", folder.display()))?;
    stamp.write()
}

fn stamp(workspace: &Workspace, folder: &Path) -> Result<Stamp> {
    let recipe = Fingerprint::default()
        .path(&workspace.root.join(RECIPE))?
        .finish();
    Ok(Stamp::new(folder.join("made-from"), recipe))
}
