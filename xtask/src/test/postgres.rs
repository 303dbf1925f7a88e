//! A PostgreSQL cluster of the tests' own: a temporary folder, a free port of the loopback, gone afterwards.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::children::{self, Running};

/// Where Debian keeps the servers, one folder per major version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// PostgreSQL refuses to run as root; this account comes with Debian's package.
const ACCOUNT: &str = "postgres";
const USER: &str = "vitrine";
const DATA: &str = "data";
const PATIENCE: Duration = Duration::from_secs(30);

/// What makes a cluster quick that nobody will miss after a power cut, and private to this machine.
const SETTINGS: [&str; 6] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "shared_buffers=128MB",
    "listen_addresses=127.0.0.1",
];

/// A running cluster.
#[derive(Debug)]
pub(super) struct Postgres {
    url: String,
    programs: PathBuf,
    // Waited for before its folder is removed: fields are dropped in this order.
    server: Running,
    folder: TempDir,
}

impl Postgres {
    /// Makes a cluster, starts it, and waits until it answers.
    pub(super) fn start() -> Result<Self> {
        let programs = newest_programs()?;
        let folder = tempfile::Builder::new()
            .prefix("vitrine-postgres-")
            .tempdir()?;
        let password = password()?;
        let password_file = folder.path().join("password");
        File::create(&password_file)?.write_all(password.as_bytes())?;
        let data = folder.path().join(DATA);
        if is_root(folder.path())? {
            let owner = format!("{ACCOUNT}:{ACCOUNT}");
            children::run(
                Command::new("chown")
                    .arg("--recursive")
                    .arg(owner)
                    .arg(folder.path()),
            )?;
        }

        let mut initdb = unprivileged(folder.path(), &programs.join("initdb"))?;
        initdb.args([
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ]);
        initdb
            .arg(format!("--username={USER}"))
            .arg("--pwfile")
            .arg(&password_file)
            .arg("--pgdata")
            .arg(&data);
        children::output(&mut initdb)?;

        let port = free_port()?;
        let log = folder.path().join("log");
        let mut server = unprivileged(folder.path(), &programs.join("postgres"))?;
        server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        server.arg("-c").arg(format!(
            "unix_socket_directories={}",
            folder.path().display()
        ));
        for setting in SETTINGS {
            server.args(["-c", setting]);
        }
        let log_file = File::create(&log)?;
        server
            .stdin(Stdio::null())
            .stdout(log_file.try_clone()?)
            .stderr(log_file);
        let mut server = Running::start(&mut server)?;

        await_ready(&programs, port, &mut server).with_context(|| {
            format!(
                "PostgreSQL does not start; its log:\n{}",
                fs::read_to_string(&log).unwrap_or_default()
            )
        })?;
        let url = format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres");
        Ok(Self {
            url,
            programs,
            server,
            folder,
        })
    }

    /// How tests reach it: as the owner of the cluster, so that each test can make a database of its own.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Asked first, so that it gives its shared memory back; `Running` insists if it does not listen.
        let asked = unprivileged(self.folder.path(), &self.programs.join("pg_ctl")).and_then(
            |mut command| {
                command.args(["stop", "--silent", "--mode=immediate", "--pgdata"]);
                children::output(command.arg(self.folder.path().join(DATA)))
            },
        );
        if let Err(error) = asked.and_then(|_| self.server.wait()) {
            eprintln!("   PostgreSQL had to be killed: {error:#}");
        }
    }
}

fn newest_programs() -> Result<PathBuf> {
    let version = fs::read_dir(VERSIONS)
        .ok()
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .max();
    let version = version.with_context(|| {
        format!("there is no PostgreSQL in {VERSIONS}: install Debian's package postgresql")
    })?;
    Ok(PathBuf::from(VERSIONS)
        .join(version.to_string())
        .join("bin"))
}

/// A command that gives up root, and that the kernel stops should we die without a chance to do it.
fn unprivileged(folder: &Path, program: &Path) -> Result<Command> {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "INT"])
        .current_dir(folder)
        .env_remove("PGPORT")
        .env_remove("PGDATA");
    if is_root(Path::new("/proc/self"))? {
        command.args(["--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups"]);
    }
    command.arg("--").arg(program);
    Ok(command)
}

/// Root owns what root has just made.
fn is_root(ours: &Path) -> Result<bool> {
    Ok(fs::metadata(ours)?.uid() == 0)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// A password for this run: others on this machine can reach the port too.
fn password() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn await_ready(programs: &Path, port: u16, server: &mut Running) -> Result<()> {
    let begun = Instant::now();
    loop {
        let mut question = Command::new(programs.join("pg_isready"));
        question.args(["--quiet", "--host=127.0.0.1", "--port", &port.to_string()]);
        if question.status()?.success() {
            return Ok(());
        }
        server.assert_alive()?;
        if begun.elapsed() > PATIENCE {
            bail!("it does not answer after {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(100));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(url: &str, question: &str) -> Result<String> {
        children::output(Command::new("psql").args(["--no-psqlrc", "-tAc", question, url]))
    }

    #[test]
    fn a_cluster_takes_queries_while_it_is_held_and_is_gone_afterwards() {
        let postgres = Postgres::start().expect("a cluster");
        let url = postgres.url().to_owned();
        assert_eq!(
            answer(&url, "create database story")
                .expect("an answer")
                .trim(),
            "CREATE DATABASE"
        );
        let folder = postgres.folder.path().to_owned();
        drop(postgres);
        assert!(answer(&url, "select 1").is_err());
        assert!(!folder.exists());
    }

    #[test]
    fn a_stranger_on_this_machine_needs_the_password() {
        let postgres = Postgres::start().expect("a cluster");
        let url = postgres.url().to_owned();
        let (before, after) = url.split_once('@').expect("an account");
        let user = before.rsplit_once(':').expect("a password").0;
        assert!(answer(&format!("{user}:guess@{after}"), "select 1").is_err());
    }
}
