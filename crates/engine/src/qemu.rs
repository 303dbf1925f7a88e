//! The driver that runs machines as QEMU processes on this host.
//!
//! Each machine has a folder `machines/<id>` that only the server's user can open:
//!
//! | file | what |
//! |---|---|
//! | `qmp.sock` | the control socket; whoever can connect to it knows that the machine runs |
//! | `vnc.sock` | the screen |
//! | `serial.sock`, `serial.log` | the serial line and all that it said |
//! | `qemu.pid` | the process, believed only when its command line bears the machine's id |
//! | `seed.iso` | the NoCloud seed |
//! | `lock` | held while a machine is being started |
//!
//! QEMU is started in a session of its own, outlives the server, and is found again by its socket.
//! It is started inside the folder with relative socket names, because a socket's path has at most 108 bytes.

mod command;
mod iso;
mod probe;
mod process;
mod qmp;
mod seed;
mod serial;
mod socket;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::sync::OnceCell;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use self::process::Process;
use self::qmp::Qmp;
use self::serial::SerialLine;
use crate::tool::blocking;
use crate::{
    AcceleratorChoice, ConsoleStream, EngineError, HostFacts, Hypervisor, MachineSpec, NetworkMode,
    PowerState, machine_dir, private_folder,
};

const START_TIME: Duration = Duration::from_secs(60);
const QUIT_TIME: Duration = Duration::from_secs(10);
const BUTTON_INTERVAL: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(100);

/// Runs machines with `qemu-system-x86_64`.
#[derive(Debug)]
pub struct QemuHypervisor {
    data_dir: PathBuf,
    program: PathBuf,
    choice: AcceleratorChoice,
    network: NetworkMode,
    host: OnceCell<HostFacts>,
    machines: Mutex<HashMap<Uuid, Arc<Machine>>>,
}

/// What this process keeps of a machine; everything else is in its folder.
#[derive(Debug, Default)]
struct Machine {
    /// One start or stop at a time.
    power: tokio::sync::Mutex<()>,
    /// QEMU's control socket serves one client at a time.
    control: tokio::sync::Mutex<()>,
    serial: tokio::sync::Mutex<SerialLine>,
}

impl QemuHypervisor {
    /// `data_dir` as in [`crate::EngineConfig`]; nothing is started or tried before the first call.
    pub fn new(
        data_dir: impl Into<PathBuf>,
        program: impl Into<PathBuf>,
        choice: AcceleratorChoice,
        network: NetworkMode,
    ) -> Self {
        let data_dir = data_dir.into();
        Self {
            data_dir: std::path::absolute(&data_dir).unwrap_or(data_dir),
            program: program.into(),
            choice,
            network,
            host: OnceCell::new(),
            machines: Mutex::default(),
        }
    }

    fn folder(&self, id: Uuid) -> PathBuf {
        machine_dir(&self.data_dir, id)
    }

    fn machine(&self, id: Uuid) -> Arc<Machine> {
        let mut machines = self.machines.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(machines.entry(id).or_default())
    }

    /// Runs one control command.
    async fn command(
        &self,
        id: Uuid,
        name: &str,
        arguments: serde_json::Value,
    ) -> Result<(), EngineError> {
        let machine = self.machine(id);
        let _one_at_a_time = machine.control.lock().await;
        let mut qmp = Qmp::connect(&self.folder(id))
            .await
            .map_err(|error| off_or_broken(id, &error))?;
        qmp.execute(name, arguments)
            .await
            .map_err(|error| off_or_broken(id, &error))?;
        Ok(())
    }

    async fn launch(&self, spec: &MachineSpec, folder: &Path) -> Result<(), EngineError> {
        let host = self.host().await?;
        let seed = match &spec.seed {
            Some(seed) => Some(seed::write(seed, folder)?),
            None => None,
        };
        let arguments = command::arguments(spec, seed.as_deref(), &host, self.network)?;
        let mut child = self.spawn(folder, &arguments)?;
        let what = format!("machine {}", spec.id);
        let failure = tokio::select! {
            status = child.wait() => match status {
                Ok(status) => format!("QEMU ended at once ({status}): {}", last_words(&mut child).await),
                Err(error) => error.to_string(),
            },
            () = ready(folder) => {
                // Reaps the process if it ends before this server does.
                tokio::spawn(async move { child.wait().await });
                return Ok(());
            }
            () = sleep(START_TIME) => format!("QEMU was not ready after {} s", START_TIME.as_secs()),
        };
        // Gone already, unless it was too slow.
        let _ = child.kill().await;
        process::clear_stale(folder);
        Err(EngineError::unavailable(what, failure))
    }

    /// `setsid` and `setpriv` (util-linux, on every Debian) prepare the process and become QEMU: a session of its
    /// own, no capabilities, and no way to gain any. QEMU's own `-daemonize` would need the system calls that
    /// its sandbox denies.
    fn spawn(&self, folder: &Path, arguments: &[String]) -> Result<Child, EngineError> {
        let mut command = Command::new("setsid");
        command.args(["setpriv", "--no-new-privs"]);
        if rustix::process::geteuid().is_root() {
            command.args(["--inh-caps=-all", "--bounding-set=-all"]);
        }
        command
            .arg("--")
            .arg(&self.program)
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", crate::tool::SAFE_PATH)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| EngineError::unavailable("setsid", error.to_string()))
    }

    async fn gone_within(&self, id: Uuid, folder: &Path, time: Duration) -> bool {
        let end = Instant::now() + time;
        while Process::find(folder, id).is_some() {
            if Instant::now() >= end {
                return false;
            }
            sleep(POLL).await;
        }
        true
    }

    /// Presses the power button until the machine is off or the grace is over: a guest that is still starting
    /// up does not hear it the first time.
    async fn press_button(&self, id: Uuid, folder: &Path, grace: Duration) -> bool {
        let end = Instant::now() + grace;
        loop {
            if let Err(error) = self.command(id, "system_powerdown", json!({})).await {
                tracing::debug!(machine.id = %id, %error, "the power button was not heard");
            }
            let left = end.saturating_duration_since(Instant::now());
            if self
                .gone_within(id, folder, left.min(BUTTON_INTERVAL))
                .await
            {
                return true;
            }
            if Instant::now() >= end {
                return false;
            }
        }
    }
}

#[async_trait]
impl Hypervisor for QemuHypervisor {
    async fn host(&self) -> Result<HostFacts, EngineError> {
        let probed = self
            .host
            .get_or_try_init(|| probe::host(&self.program, self.choice, &self.data_dir));
        probed.await.cloned()
    }

    async fn start(&self, spec: &MachineSpec) -> Result<(), EngineError> {
        let machine = self.machine(spec.id);
        let _one_at_a_time = machine.power.lock().await;
        let folder = self.folder(spec.id);
        private_folder(&folder)?;
        let _between_servers = start_lock(&folder)?;
        if Process::find(&folder, spec.id).is_some() {
            return Ok(());
        }
        process::clear_stale(&folder);
        self.launch(spec, &folder).await
    }

    async fn stop(&self, id: Uuid, grace: Duration) -> Result<(), EngineError> {
        let machine = self.machine(id);
        let _one_at_a_time = machine.power.lock().await;
        let folder = self.folder(id);
        if Process::find(&folder, id).is_none() {
            process::clear_stale(&folder);
            return Ok(());
        }
        let polite = !grace.is_zero() && self.press_button(id, &folder, grace).await;
        if !polite {
            // `quit` lets QEMU write what it holds; a process that does not even hear that is killed.
            let _ = timeout(QUIT_TIME, self.command(id, "quit", json!({}))).await;
            if !self.gone_within(id, &folder, QUIT_TIME).await {
                if let Some(process) = Process::find(&folder, id) {
                    process.kill();
                }
                if !self.gone_within(id, &folder, QUIT_TIME).await {
                    return Err(EngineError::unavailable(
                        format!("machine {id}"),
                        "its process can't be ended",
                    ));
                }
            }
        }
        process::clear_stale(&folder);
        Ok(())
    }

    async fn state(&self, id: Uuid) -> Result<PowerState, EngineError> {
        let folder = self.folder(id);
        match socket::connect(&folder, "qmp.sock").await {
            Ok(_) => {
                serial::trim_log(&folder);
                Ok(PowerState::Running)
            }
            Err(_) => Ok(PowerState::Stopped),
        }
    }

    async fn list(&self) -> Result<Vec<Uuid>, EngineError> {
        let folder = self.data_dir.join("machines");
        let names = blocking(move || match std::fs::read_dir(&folder) {
            Ok(entries) => Ok(entries
                .filter_map(|entry| Some(entry.ok()?.file_name()))
                .collect::<Vec<_>>()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(EngineError::io("list", &folder, error)),
        })
        .await?;
        let mut running = Vec::new();
        for id in names
            .iter()
            .filter_map(|name| Uuid::parse_str(name.to_str()?).ok())
        {
            if self.state(id).await? == PowerState::Running {
                running.push(id);
            }
        }
        running.sort_unstable();
        Ok(running)
    }

    async fn screen(&self, id: Uuid) -> Result<Box<dyn ConsoleStream>, EngineError> {
        let stream = socket::connect(&self.folder(id), "vnc.sock")
            .await
            .map_err(|error| off_or_broken(id, &error))?;
        Ok(Box::new(stream))
    }

    async fn serial(&self, id: Uuid) -> Result<Box<dyn ConsoleStream>, EngineError> {
        let machine = self.machine(id);
        let mut line = machine.serial.lock().await;
        let stream = line
            .attach(&self.folder(id))
            .await
            .map_err(|error| off_or_broken(id, &error))?;
        Ok(Box::new(stream))
    }

    async fn screenshot(&self, id: Uuid) -> Result<Vec<u8>, EngineError> {
        let machine = self.machine(id);
        let _one_at_a_time = machine.control.lock().await;
        let folder = self.folder(id);
        let path = folder.join("screen.png");
        let shot = async {
            let mut qmp = Qmp::connect(&folder).await?;
            qmp.execute("screendump", json!({ "filename": path, "format": "png" }))
                .await?;
            tokio::fs::read(&path).await
        };
        let picture = shot.await.map_err(|error| off_or_broken(id, &error));
        let _ = tokio::fs::remove_file(&path).await;
        picture
    }
}

/// Waits until QEMU greets on its control socket, which it does when the machine is complete.
async fn ready(folder: &Path) {
    while Qmp::connect(folder).await.is_err() {
        sleep(POLL).await;
    }
}

async fn last_words(child: &mut Child) -> String {
    let mut said = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        let _ = timeout(QUIT_TIME, stderr.take(4096).read_to_end(&mut said)).await;
    }
    String::from_utf8_lossy(&said).trim().to_owned()
}

/// Keeps a second server on the same folder from starting the same machine.
fn start_lock(folder: &Path) -> Result<File, EngineError> {
    let path = folder.join("lock");
    let opened = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = opened.map_err(|error| EngineError::io("open", &path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(EngineError::unavailable(
            "the machine",
            "another server is starting it",
        )),
    }
}

fn off_or_broken(id: Uuid, error: &io::Error) -> EngineError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
            EngineError::unavailable(format!("machine {id}"), "it is off")
        }
        _ => EngineError::unavailable(format!("machine {id}"), error.to_string()),
    }
}
