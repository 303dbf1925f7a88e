//! The style sheet: partials bundled into one file by Lightning CSS.

use std::path::Path;

use anyhow::{Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::{Browsers, Targets};

use super::{Mode, OUTPUT_NAME, Package};

/// Versions that have `light-dark()`, nesting and container queries, so that nothing of them is rewritten.
const BROWSERS: Browsers = Browsers {
    chrome: Some(version(123)),
    edge: Some(version(123)),
    firefox: Some(version(128)),
    safari: Some(version(18)),
    ios_saf: Some(version(18)),
    android: None,
    ie: None,
    opera: None,
    samsung: None,
};

/// Lightning CSS packs a version into a number, the major one from bit 16 on.
const fn version(major: u32) -> u32 {
    major << 16
}

/// Bundles the style sheet with what it imports.
pub(super) fn bundle(entry: &Path, mode: Mode, package: &mut Package) -> Result<()> {
    let files = FileProvider::new();
    let mut sheet = Bundler::new(&files, None, ParserOptions::default())
        .bundle(entry)
        .map_err(|error| anyhow!("style sheet: {error}"))?;
    let targets = Targets::from(BROWSERS);
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("style sheet: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: mode == Mode::Release,
            targets,
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("style sheet: {error}"))?;
    package.add("css", OUTPUT_NAME, "css", printed.code.as_bytes())
}
