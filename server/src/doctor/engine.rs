//! What runs machines and makes disks.

use std::path::Path;
use std::time::Duration;

use engine::{Accelerator, AcceleratorChoice, Hypervisor as _};
use tokio::process::Command;
use tokio::time::timeout;

use super::Finding;
use crate::config::Config;

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let system = program(
        "QEMU",
        "engine.qemu_system",
        &config.engine.qemu_system,
        "qemu-system-x86",
    )
    .await;
    let image = program(
        "qemu-img",
        "engine.qemu_img",
        &config.engine.qemu_img,
        "qemu-utils",
    )
    .await;
    let can_run = system.grade == super::Grade::Ok;
    let mut findings = vec![system, image];
    if can_run {
        findings.push(accelerator(config).await);
    }
    findings
}

async fn program(what: &str, key: &str, path: &Path, package: &str) -> Finding {
    let asked = Command::new(path)
        .arg("--version")
        .kill_on_drop(true)
        .output();
    match timeout(PATIENCE, asked).await {
        Ok(Ok(output)) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            Finding::ok(what, text.lines().next().unwrap_or_default().to_owned())
        }
        _ => {
            let message = format!(
                "{} does not run; install it (Debian: apt install {package}) or set {key}",
                path.display()
            );
            Finding::fail(what, message)
        }
    }
}

async fn accelerator(config: &Config) -> Finding {
    const WHAT: &str = "machines";
    let hypervisor = config.hypervisor();
    match timeout(PATIENCE, hypervisor.host()).await {
        Ok(Ok(facts)) => match (facts.accelerator, config.engine.accelerator) {
            (Accelerator::Kvm, _) => Finding::ok(WHAT, facts.reason),
            (Accelerator::Emulation, AcceleratorChoice::Emulation) => {
                Finding::ok(WHAT, facts.reason)
            }
            (Accelerator::Emulation, _) => {
                let advice = "machines run many times slower than with KVM: switch virtualization on in the firmware, \
                              or in the host's hypervisor, and let this user open /dev/kvm (group kvm)";
                Finding::warn(WHAT, format!("{} {advice}", facts.reason))
            }
        },
        Ok(Err(error)) => Finding::fail(
            WHAT,
            format!("{error}; set engine.accelerator to \"auto\" or mend it"),
        ),
        Err(_) => Finding::fail(
            WHAT,
            "a probe machine did not come up in a minute; look at the load of this host",
        ),
    }
}
