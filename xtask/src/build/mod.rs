//! The server, and the site: everything that a browser fetches, in a folder beside the server's executable.
//!
//! `<target>/<profile>/site/pkg` holds `vitrine.<hash>.{js,wasm,css}` and `console.<hash>.{js,css}`;
//! `<target>/<profile>/site/hash.txt` holds lines such as `wasm:<hash>`, the form that Leptos' `HydrationScripts` and
//! `HashedStylesheet` read. `console` and `console-css` are lines of ours.

mod compressed;
mod console;
mod program;
mod style;

use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result};

use crate::children;
use crate::fingerprint::{self, Fingerprint, Stamp};
use crate::workspace::Workspace;

/// The name that the front end's files begin with; `LeptosOptions::output_name` in the server.
const OUTPUT_NAME: &str = "vitrine";

/// For developing or for use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Dev,
    Release,
}

impl Mode {
    /// The folder of cargo's that the server's executable lands in.
    pub(crate) fn server_folder(self, workspace: &Workspace) -> PathBuf {
        workspace.target.join(if self == Self::Release {
            "release"
        } else {
            "debug"
        })
    }

    /// The folder of everything that a browser fetches.
    pub(crate) fn site_folder(self, workspace: &Workspace) -> PathBuf {
        self.server_folder(workspace).join("site")
    }
}

/// Builds the server.
pub(crate) fn server(workspace: &Workspace, mode: Mode) -> Result<()> {
    let mut arguments = vec!["build", "--package", "server", "--bin", "vitrine"];
    if mode == Mode::Release {
        arguments.push("--release");
    }
    children::run(&mut workspace.cargo(&arguments))
}

/// Builds the server and its site side by side: each alone leaves cores idle while its last crates compile.
pub(crate) fn everything(workspace: &Workspace, mode: Mode) -> Result<()> {
    thread::scope(|scope| {
        let site = scope.spawn(|| site(workspace, mode));
        let server = server(workspace, mode);
        match site.join() {
            Ok(site) => server.and(site),
            Err(panic) => resume_unwind(panic),
        }
    })
}

/// Builds what a browser fetches, unless the site on disk was made from the same things.
pub(crate) fn site(workspace: &Workspace, mode: Mode) -> Result<()> {
    let program = program::compile(workspace, mode)?;
    let site = mode.site_folder(workspace);
    let assets = workspace.root.join("app/assets");
    let made_from = Fingerprint::default()
        .text(&format!("{mode:?}"))
        .path(&program)?
        .path(&workspace.root.join("style"))?
        .path(&assets)?
        .path(&workspace.root.join("xtask/src/build"))?
        .finish();
    let stamp = Stamp::new(site.with_extension("made-from"), made_from);
    if stamp.is_current() && site.is_dir() {
        return Ok(());
    }
    stamp.forget()?;

    let fresh = site.with_extension("new");
    remove_folder(&fresh)?;
    fs::create_dir_all(fresh.join("pkg"))?;
    let mut package = Package {
        folder: fresh.join("pkg"),
        hashes: String::new(),
    };
    program::bind(&assets, &program, mode, &mut package)?;
    style::bundle(&workspace.root.join("style/main.css"), mode, &mut package)?;
    console::bundle(&assets, mode, &mut package)?;
    fs::write(fresh.join("hash.txt"), &package.hashes)?;
    copy_folder(&workspace.root.join("style/assets"), &fresh)?;
    if mode == Mode::Release {
        compressed::add_copies(&fresh)?;
    }

    remove_folder(&site)?;
    fs::rename(&fresh, &site)
        .with_context(|| format!("cannot put the site into {}", site.display()))?;
    stamp.write()?;
    println!("   site is in {}", site.display());
    Ok(())
}

/// The folder of hashed files, and the hashes that the server must know.
#[derive(Debug)]
struct Package {
    folder: PathBuf,
    hashes: String,
}

impl Package {
    /// Writes `<stem>.<hash>.<extension>` and notes the hash under `key`.
    fn add(&mut self, key: &str, stem: &str, extension: &str, contents: &[u8]) -> Result<()> {
        let hash = fingerprint::of_bytes(contents);
        fs::write(
            self.folder.join(format!("{stem}.{hash}.{extension}")),
            contents,
        )?;
        self.hashes.push_str(&format!("{key}:{hash}\n"));
        Ok(())
    }
}

fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// Copies a folder's files into another one; a folder that does not exist has none.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in fingerprint::files_below(from)? {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(&file, &target)?;
    }
    Ok(())
}
