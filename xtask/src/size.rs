//! The weight of the first page.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::build::Mode;
use crate::fingerprint::files_below;
use crate::workspace::Workspace;

/// What the first page's WebAssembly may weigh on the wire.
pub(crate) const LIMIT_BYTES: u64 = 300 * 1024;

/// The brotli bytes of the WebAssembly that the first page loads, from the site of the last release build.
///
/// # Errors
/// When there is no release build.
pub(crate) fn first_page_wasm_bytes(workspace: &Workspace) -> Result<u64> {
    let folder = Mode::Release.site_folder(workspace).join("pkg");
    let compressed = files_below(&folder)?
        .into_iter()
        .find(|file| file.to_string_lossy().ends_with(".wasm.br"))
        .context("there is no release build of the front end: cargo xtask build --release")?;
    Ok(fs::metadata(compressed)?.len())
}

/// Prints the weight, and fails when it is over the limit.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let bytes = first_page_wasm_bytes(workspace)?;
    println!("WebAssembly of the first page: {bytes} bytes (brotli), limit {LIMIT_BYTES}");
    if bytes > LIMIT_BYTES {
        bail!(
            "the first page's WebAssembly is too heavy: look at what an island drags in (cargo tree -p frontend)"
        );
    }
    Ok(())
}
