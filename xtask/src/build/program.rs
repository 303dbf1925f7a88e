//! The front end's program: Rust to WebAssembly, its JavaScript glue, and both made small.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::{Mode, OUTPUT_NAME, Package};
use crate::children;
use crate::workspace::Workspace;

const TARGET: &str = "wasm32-unknown-unknown";

/// What rustc switches on for this target, and every browser of the style sheet's list has.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Compiles the frontend crate and gives the module that the compiler wrote.
pub(super) fn compile(workspace: &Workspace, mode: Mode) -> Result<PathBuf> {
    let profile = if mode == Mode::Release {
        "wasm-release"
    } else {
        "wasm-dev"
    };
    children::run(&mut workspace.cargo(&[
        "build",
        "--package",
        "frontend",
        "--lib",
        "--target",
        TARGET,
        "--profile",
        profile,
    ]))?;
    Ok(workspace
        .target
        .join(TARGET)
        .join(profile)
        .join("frontend.wasm"))
}

/// Makes the module loadable by a browser, and small in a release.
pub(super) fn bind(assets: &Path, module: &Path, mode: Mode, package: &mut Package) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let is_release = mode == Mode::Release;
    Bindgen::new()
        .web(true)?
        .input_path(module)
        .out_name(OUTPUT_NAME)
        .typescript(false)
        .omit_default_module_path(true)
        .debug(!is_release)
        .remove_name_section(is_release)
        .remove_producers_section(is_release)
        .generate(folder.path())
        .context("wasm-bindgen")?;

    let wasm = folder.path().join(format!("{OUTPUT_NAME}_bg.wasm"));
    if is_release {
        let optimizer = assets.join("node_modules/binaryen/bin/wasm-opt");
        let mut command = Command::new(optimizer);
        command
            .arg("-Oz")
            .args(FEATURES)
            .args(["--strip-debug", "--strip-target-features"]);
        children::run(command.arg(&wasm).arg("-o").arg(&wasm))?;
    }
    // Bundled, because the glue may import snippets from files beside it, whose names are not hashed.
    let script = super::console::bundle_script(
        assets,
        &folder.path().join(format!("{OUTPUT_NAME}.js")),
        mode,
        folder.path(),
    )?;
    package.add("js", OUTPUT_NAME, "js", &std::fs::read(script)?)?;
    package.add("wasm", OUTPUT_NAME, "wasm", &std::fs::read(wasm)?)
}
