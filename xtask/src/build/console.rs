//! Scripts that are not Rust: the browser's side of the consoles, bundled with noVNC and xterm.js, of uploads, and of
//! passkeys.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Mode, Package};
use crate::children;

/// Bundles `app/assets/console.ts` with its style, and the scripts of single pages.
pub(super) fn bundle(assets: &Path, mode: Mode, package: &mut Package) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let script = bundle_script(assets, &assets.join("console.ts"), mode, folder.path())?;
    package.add("console", "console", "js", &fs::read(&script)?)?;
    package.add(
        "console-css",
        "console",
        "css",
        &fs::read(script.with_extension("css"))?,
    )?;
    for name in ["upload", "passkey"] {
        let entry = assets.join(name).with_extension("ts");
        let script = bundle_script(assets, &entry, mode, folder.path())?;
        package.add(name, name, "js", &fs::read(&script)?)?;
    }
    Ok(())
}

/// Bundles one entry file with what it imports into `<folder>/out`, as an ES module, and gives the result.
pub(super) fn bundle_script(
    assets: &Path,
    entry: &Path,
    mode: Mode,
    folder: &Path,
) -> Result<PathBuf> {
    let out = folder.join("out");
    let mut command = Command::new(assets.join("node_modules/esbuild/bin/esbuild"));
    command
        .arg(entry)
        .args([
            "--bundle",
            "--format=esm",
            "--target=es2022",
            "--legal-comments=none",
            "--log-level=warning",
        ])
        .arg(format!("--outdir={}", out.display()));
    if mode == Mode::Release {
        command.arg("--minify");
    }
    children::run(&mut command)?;
    let name = entry.file_stem().unwrap_or_default();
    Ok(out.join(name).with_extension("js"))
}
