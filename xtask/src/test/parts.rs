//! The parts of `./dev test`.

use std::process::Command;

use anyhow::Result;

use super::harness::Harness;
use crate::build::{self, Mode};
use crate::{children, generate, layers};

/// One line of the list.
#[derive(Debug)]
pub(super) struct Part {
    /// What `--only` calls it.
    pub(super) name: &'static str,
    /// What the reader of the log is told.
    pub(super) what: &'static str,
    pub(super) run: fn(&mut Harness<'_>) -> Result<()>,
}

/// Everything, what is quick first.
///
/// The frontend crate is never built for the host: it would switch on `hydrate` beside `ssr` in every crate. All
/// other builds name the same crates, so that cargo builds each dependency once.
pub(super) const PARTS: &[Part] = &[
    Part {
        name: "format",
        what: "format",
        run: format,
    },
    Part {
        name: "scripts",
        what: "shell and TypeScript",
        run: scripts,
    },
    Part {
        name: "layers",
        what: "layers",
        run: |harness| layers::check(harness.workspace),
    },
    Part {
        name: "supply",
        what: "licences and sources of dependencies",
        run: supply,
    },
    Part {
        name: "lint",
        what: "clippy",
        run: lint,
    },
    Part {
        name: "lint-frontend",
        what: "clippy of the front end",
        run: lint_frontend,
    },
    Part {
        name: "build",
        what: "build",
        run: build,
    },
    Part {
        name: "derived",
        what: "derived files are what the code says",
        run: derived,
    },
    Part {
        name: "tests",
        what: "tests, with PostgreSQL and QEMU",
        run: tests,
    },
    Part {
        name: "journeys",
        what: "journeys in a browser",
        run: |harness| journeys(harness, &["script"]),
    },
    Part {
        name: "plain-journeys",
        what: "journeys without scripts, and on a phone",
        run: |harness| journeys(harness, &["no-script", "phone"]),
    },
    Part {
        name: "clients",
        what: "the stock Azure CLI and libraries",
        run: clients,
    },
];

/// The crates that run on the host.
const HOST: [&str; 3] = ["--workspace", "--exclude", "frontend"];

/// What is built and run of them. The examples are benches: clippy reads them, and linking each would take long.
const BUILT: [&str; 3] = ["--lib", "--bins", "--tests"];

fn cargo(harness: &Harness<'_>, verb: &[&str], rest: &[&str]) -> Command {
    harness.workspace.cargo(&[verb, &HOST, rest].concat())
}

fn format(harness: &mut Harness<'_>) -> Result<()> {
    children::run(&mut harness.workspace.cargo(&["fmt", "--all", "--check"]))
}

fn scripts(harness: &mut Harness<'_>) -> Result<()> {
    let root = &harness.workspace.root;
    let listed = children::output(Command::new("git").current_dir(root).args([
        "ls-files",
        "dev",
        ".ci/run",
        "end2end/clients/run",
        "*.sh",
    ]))?;
    children::run(
        Command::new("shellcheck")
            .arg("--severity=warning")
            .current_dir(root)
            .args(listed.lines()),
    )?;
    children::run(
        Command::new("npm")
            .current_dir(root.join("end2end"))
            .args(["run", "--silent", "types"]),
    )
}

fn supply(harness: &mut Harness<'_>) -> Result<()> {
    if !children::is_installed(&mut Command::new("cargo-deny")) {
        println!("   cargo-deny is not installed here, so this part is left out");
        return Ok(());
    }
    children::run(&mut harness.workspace.cargo(&[
        "deny",
        "--log-level",
        "error",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))
}

fn lint(harness: &mut Harness<'_>) -> Result<()> {
    children::run(&mut cargo(
        harness,
        &["clippy", "--locked"],
        &["--all-targets", "--", "--deny", "warnings"],
    ))
}

fn lint_frontend(harness: &mut Harness<'_>) -> Result<()> {
    let arguments = [
        "clippy",
        "--locked",
        "--package",
        "frontend",
        "--package",
        "app",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "wasm-dev",
        "--",
        "--deny",
        "warnings",
    ];
    children::run(&mut harness.workspace.cargo(&arguments))
}

fn build(harness: &mut Harness<'_>) -> Result<()> {
    children::run(&mut cargo(harness, &["build", "--locked"], &BUILT))?;
    build::site(harness.workspace, Mode::Dev)
}

fn derived(harness: &mut Harness<'_>) -> Result<()> {
    let server = harness.server();
    generate::from_server(harness.workspace, &server, true)
}

fn tests(harness: &mut Harness<'_>) -> Result<()> {
    let database = harness.postgres()?.url().to_owned();
    let image = harness.base_image()?;
    let verb: &[&str] = if children::is_installed(&mut Command::new("cargo-nextest")) {
        &["nextest", "run", "--locked"]
    } else {
        &["test", "--locked"]
    };
    let mut command = cargo(harness, verb, &BUILT);
    children::run(
        command
            .env("VITRINE_TEST_POSTGRES", database)
            .env("VITRINE_BASE_IMAGE", image),
    )?;
    children::run(&mut cargo(harness, &["test", "--locked", "--doc"], &[]))
}

fn journeys(harness: &mut Harness<'_>, projects: &[&str]) -> Result<()> {
    let image = harness.base_image()?;
    let mut command = Command::new("npx");
    command
        .args(["--no-install", "playwright", "test"])
        .args(projects.iter().map(|name| format!("--project={name}")))
        .current_dir(harness.workspace.root.join("end2end"))
        .env("VITRINE_BINARY", harness.server())
        .env("VITRINE_BASE_IMAGE", image);
    children::run(&mut command)
}

/// The first run installs the clients, which takes some minutes; without a network it fails and says so.
fn clients(harness: &mut Harness<'_>) -> Result<()> {
    let image = harness.base_image()?;
    let folder = harness.workspace.root.join("end2end/clients");
    let mut command = Command::new(folder.join("run"));
    command
        .env("VITRINE_BINARY", harness.server())
        .env("VITRINE_BASE_IMAGE", image)
        .env(
            "VITRINE_CLIENTS_VENV",
            harness.workspace.target.join("clients-venv"),
        );
    children::run(&mut command)
}
