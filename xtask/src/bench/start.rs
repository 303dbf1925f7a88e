//! From the start of the release server to the first answer that it is ready, and what it keeps in memory.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::table::{Amount, Row};
use crate::build::Mode;
use crate::children::Running;
use crate::workspace::Workspace;

const STARTS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(2);

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Row>> {
    let folder = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(&workspace.target)?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let program = Mode::Release.server_folder(workspace).join("vitrine");
    let start = || {
        let mut command = Command::new(&program);
        command
            .args(["serve", "--demo"])
            .current_dir(folder.path())
            .env("VITRINE_SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .env(
                "VITRINE_SERVER__PUBLIC_URL",
                format!("https://localhost:{port}"),
            )
            .env("VITRINE_TLS__MODE", "off")
            .env_remove("DATABASE_URL")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let from = Instant::now();
        let mut server = Running::start(&mut command)?;
        while from.elapsed() < PATIENCE {
            server.assert_alive().context("the server did not stay")?;
            if status(port, "/readyz").is_some_and(|status| status == 200) {
                return Ok((from.elapsed(), resident_bytes(server.id())?));
            }
            thread::sleep(PAUSE);
        }
        bail!("the server was not ready after {} s", PATIENCE.as_secs());
    };
    let (first, _) = start()?;
    let mut later = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        later.push(start()?);
    }
    later.sort_unstable();
    let (time, memory) = later[STARTS / 2];
    let told = |what: &str, ours| Row {
        what: what.to_owned(),
        ours,
        limit: None,
    };
    Ok(vec![
        told(
            "first start, the demo is made, until ready",
            Amount::Time(first),
        ),
        told("start until ready", Amount::Time(time)),
        told("resident memory when ready", Amount::Bytes(memory)),
    ])
}

/// The status with which a path is answered, if at all.
fn status(port: u16, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

fn resident_bytes(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"))
        .context("the kernel told no resident memory")?;
    Ok(kib.trim().parse::<u64>()? * 1024)
}
