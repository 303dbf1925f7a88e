//! Compressed copies, made once here instead of at every request.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::fingerprint::files_below;

/// Smaller files gain nothing that a browser would notice.
const SMALLEST_BYTES: usize = 1024;

/// Puts `<file>.br` and `<file>.gz` beside every file that compresses.
pub(super) fn add_copies(site: &Path) -> Result<()> {
    for file in files_below(site)? {
        let compresses = file
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| {
                matches!(
                    extension,
                    "css" | "js" | "json" | "svg" | "txt" | "wasm" | "webmanifest"
                )
            });
        let contents = fs::read(&file)?;
        if !compresses || contents.len() < SMALLEST_BYTES {
            continue;
        }
        fs::write(beside(&file, ".br"), brotli(&contents)?)?;
        fs::write(beside(&file, ".gz"), gzip(&contents)?)?;
    }
    Ok(())
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    PathBuf::from(name)
}

fn brotli(contents: &[u8]) -> Result<Vec<u8>> {
    let options = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &contents[..], &mut compressed, &options)?;
    Ok(compressed)
}

fn gzip(contents: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(contents)?;
    Ok(encoder.finish()?)
}
