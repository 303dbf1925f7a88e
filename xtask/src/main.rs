//! What `cargo` cannot say by itself: the front end, the layer check, derived files, sizes, tests and benches.
//!
//! `./dev` installs what is missing and then calls this; see docs/ARCHITECTURE.md.

mod base_image;
mod bench;
mod build;
mod children;
mod fingerprint;
mod generate;
mod layers;
mod rules;
mod size;
mod test;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use workspace::Workspace;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Builds, checks and measures Vitrine")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Builds the server and the front end
    Build {
        /// Optimised, with compressed copies of every file that a browser fetches
        #[arg(long)]
        release: bool,
        /// Only what the browser fetches, not the server
        #[arg(long)]
        site_only: bool,
    },
    /// Builds the demo base image once and puts it into a folder
    BaseImage {
        /// Where base.qcow2 shall be
        #[arg(long)]
        out: PathBuf,
    },
    /// Checks that dependencies point one way, and that files stay short
    Layers,
    /// Writes the derived files anew
    Generate {
        /// Changes nothing and fails where a derived file is not what it would be
        #[arg(long)]
        check: bool,
    },
    /// Fails when the first page needs more WebAssembly than it may
    Size,
    /// Runs every check and every test
    Test {
        /// Only these parts, by name
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
        /// All but these parts, by name
        #[arg(long, value_delimiter = ',', conflicts_with = "only")]
        except: Vec<String>,
    },
    /// Measures what the project promises, and prints the ratios
    Bench {
        /// Only the benches whose name contains this
        name: Option<String>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let workspace = Workspace::find()?;
    match task {
        Task::Build { release, site_only } => {
            let mode = if release {
                build::Mode::Release
            } else {
                build::Mode::Dev
            };
            if site_only {
                return build::site(&workspace, mode);
            }
            build::everything(&workspace, mode)
        }
        Task::BaseImage { out } => base_image::place(&workspace, &out),
        Task::Layers => layers::check(&workspace),
        Task::Generate { check } => generate::derived_files(&workspace, check),
        Task::Size => size::check(&workspace),
        Task::Test { only, except } => test::run(&workspace, &only, &except),
        Task::Bench { name } => bench::run(&workspace, name.as_deref()),
    }
}
