//! Which accelerator works. `/dev/kvm` may open and still kill every guest (nested hosts do that), so a guest is
//! run on it for a moment. The verdict is kept until the host or QEMU changes.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::qmp::Qmp;
use crate::tool::SAFE_PATH;
use crate::{Accelerator, AcceleratorChoice, EngineError, HostFacts};

const TRIAL: Duration = Duration::from_millis(1500);
const TRIAL_END: Duration = Duration::from_secs(20);

/// A verdict on KVM, and what it holds for.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    boot_id: String,
    version: String,
    /// Why KVM does not work; `None` where it does.
    failure: Option<String>,
}

pub(super) async fn host(
    program: &Path,
    choice: AcceleratorChoice,
    data_dir: &Path,
) -> Result<HostFacts, EngineError> {
    let version = version(program).await?;
    let (accelerator, reason) = match choice {
        AcceleratorChoice::Emulation => (
            Accelerator::Emulation,
            "Software emulation is set in the configuration.".into(),
        ),
        AcceleratorChoice::Auto if is_virtual(&cpu_facts()) => (
            Accelerator::Emulation,
            "Software emulation, because this host is itself a virtual machine: guests may start on its KVM and then \
             hang. If it is known to work, set engine.accelerator to \"kvm\"."
                .into(),
        ),
        AcceleratorChoice::Auto | AcceleratorChoice::Kvm => {
            match kvm_failure(program, &version, data_dir).await {
                None => (
                    Accelerator::Kvm,
                    "Hardware virtualization (KVM) works on this host.".into(),
                ),
                Some(failure) if choice == AcceleratorChoice::Kvm => {
                    return Err(EngineError::unavailable(
                        "KVM, which the configuration demands,",
                        failure,
                    ));
                }
                Some(failure) => (
                    Accelerator::Emulation,
                    format!(
                        "Software emulation, because hardware virtualization does not work: {failure}."
                    ),
                ),
            }
        }
    };
    let cores = std::thread::available_parallelism()
        .map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(u32::MAX));
    Ok(HostFacts {
        accelerator,
        reason,
        version,
        cores,
        memory_bytes: memory_bytes(),
    })
}

/// What the kernel says of the processor.
fn cpu_facts() -> String {
    std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default()
}

/// Whether the processor is a hypervisor's. A trial of seconds can't tell a nested KVM that works from one whose
/// guests hang in their boot loader, so only an operator who knows can choose it.
fn is_virtual(cpu_facts: &str) -> bool {
    let flags = cpu_facts.lines().filter(|line| line.starts_with("flags"));
    flags
        .flat_map(str::split_whitespace)
        .any(|flag| flag == "hypervisor")
}

async fn version(program: &Path) -> Result<String, EngineError> {
    let unavailable =
        |reason: String| EngineError::unavailable(program.display().to_string(), reason);
    let output = Command::new(program)
        .arg("--version")
        .env_clear()
        .env("PATH", SAFE_PATH)
        .output();
    let output = output
        .await
        .map_err(|error| unavailable(format!("{error}; install the package qemu-system-x86")))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let first = text
        .lines()
        .next()
        .filter(|line| output.status.success() && !line.is_empty());
    first
        .map(|line| line.replace(" emulator version", ""))
        .ok_or_else(|| unavailable("it does not say its version".into()))
}

async fn kvm_failure(program: &Path, version: &str, data_dir: &Path) -> Option<String> {
    let path = data_dir.join("kvm-verdict.json");
    let boot_id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .unwrap_or_default()
        .trim()
        .to_owned();
    if let Some(known) = known(&path)
        && known.boot_id == boot_id
        && known.version == version
    {
        return known.failure;
    }
    let failure = match std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/kvm")
    {
        Ok(_) => trial(program).await,
        Err(error) => Some(format!("/dev/kvm can't be opened ({})", error.kind())),
    };
    let verdict = Verdict {
        boot_id,
        version: version.to_owned(),
        failure,
    };
    if let Err(error) = std::fs::write(&path, json!(verdict).to_string()) {
        tracing::debug!(%error, "the verdict on KVM could not be kept and will be asked for again");
    }
    verdict.failure
}

fn known(path: &PathBuf) -> Option<Verdict> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Runs firmware alone on KVM for a moment; the reason if it did not survive that.
async fn trial(program: &Path) -> Option<String> {
    let spawned = Command::new(program)
        .args([
            "-nodefaults",
            "-no-user-config",
            "-machine",
            "q35",
            "-accel",
            "kvm",
            "-cpu",
            "host",
            "-m",
            "64M",
        ])
        .args(["-display", "none", "-qmp", "stdio"])
        .env_clear()
        .env("PATH", SAFE_PATH)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => return Some(error.to_string()),
    };
    let survived = timeout(TRIAL_END, survives(&mut child)).await;
    let _ = child.kill().await;
    match survived {
        Ok(Ok(true)) => None,
        Ok(Ok(false)) => Some("a probe guest stops at once".into()),
        Ok(Err(_)) | Err(_) => {
            let mut said = Vec::new();
            if let Some(stderr) = child.stderr.take() {
                let _ = timeout(TRIAL, stderr.take(4096).read_to_end(&mut said)).await;
            }
            let said = String::from_utf8_lossy(&said);
            let last = said.lines().last().unwrap_or("it says nothing");
            Some(format!(
                "a probe guest dies ({})",
                last.trim_end_matches('.')
            ))
        }
    }
}

async fn survives(child: &mut Child) -> std::io::Result<bool> {
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(false);
    };
    let mut qmp = Qmp::greet(tokio::io::join(stdout, stdin)).await?;
    sleep(TRIAL).await;
    let status = qmp.execute("query-status", json!({})).await?;
    Ok(status["running"] == true)
}

fn memory_bytes() -> u64 {
    let facts = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = facts
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"));
    let kibibytes =
        total.and_then(|text| text.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}
