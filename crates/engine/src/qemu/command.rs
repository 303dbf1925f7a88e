//! The command line of a machine.

use std::path::Path;

use serde_json::json;

use crate::disk::block_node;
use crate::{Accelerator, EngineError, Firmware, HostFacts, MachineSpec, NetworkMode};

const HARDENING: &str = "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";
const FIRMWARE_FILES: [(&str, &str); 2] = [
    (
        "/usr/share/OVMF/OVMF_CODE_4M.fd",
        "/usr/share/OVMF/OVMF_VARS_4M.fd",
    ),
    (
        "/usr/share/OVMF/OVMF_CODE.fd",
        "/usr/share/OVMF/OVMF_VARS.fd",
    ),
];

/// All paths of sockets are relative: QEMU is started in the machine's folder.
pub(super) fn arguments(
    spec: &MachineSpec,
    seed: Option<&Path>,
    host: &HostFacts,
    network: NetworkMode,
) -> Result<Vec<String>, EngineError> {
    let mut line = Line::default();
    line.flag("-nodefaults").flag("-no-user-config");
    line.option("-sandbox", HARDENING);
    line.option("-name", format!("guest={}", label(&spec.name)));
    line.option("-uuid", spec.id.to_string());
    line.option("-pidfile", "qemu.pid");
    line.option("-qmp", "unix:qmp.sock,server=on,wait=off");
    let (accelerator, processor) = match host.accelerator {
        Accelerator::Kvm => ("kvm", "host"),
        Accelerator::Emulation => ("tcg,thread=multi,tb-size=256", "max"),
    };
    line.option("-machine", "q35,usb=off,vmport=off");
    line.option("-accel", accelerator);
    line.option("-cpu", processor);
    line.option("-smp", spec.vcpus.to_string());
    line.option("-m", format!("{}M", spec.memory_mib));
    line.option("-rtc", "base=utc");
    line.option("-boot", "menu=off,strict=on");
    if spec.firmware == Firmware::Uefi {
        uefi(&mut line)?;
    }

    for (number, disk) in spec.disks.iter().enumerate() {
        let mut node = block_node(disk)?;
        node["node-name"] = json!(format!("disk{number}"));
        node["discard"] = json!("unmap");
        node["detect-zeroes"] = json!("unmap");
        line.option("-blockdev", node.to_string());
        line.option(
            "-device",
            format!("virtio-blk-pci,drive=disk{number},bootindex={}", number + 1),
        );
    }
    if let Some(seed) = seed {
        let file = json!({ "driver": "file", "filename": seed });
        let node = json!({ "driver": "raw", "node-name": "seed", "read-only": true, "file": file });
        line.option("-blockdev", node.to_string());
        line.option("-device", "virtio-blk-pci,drive=seed");
    }

    let restrict = match network {
        NetworkMode::Isolated => "on",
        NetworkMode::Nat => "off",
    };
    line.option("-netdev", format!("user,id=net,restrict={restrict}"));
    line.option(
        "-device",
        format!("virtio-net-pci,netdev=net,mac={}", mac(&spec.mac)?),
    );
    line.option("-device", "virtio-rng-pci");

    line.option("-vnc", "unix:vnc.sock,share=ignore");
    line.option("-vga", "std");
    line.option("-device", "qemu-xhci,id=usb");
    line.option("-device", "usb-tablet,bus=usb.0");
    line.option(
        "-chardev",
        "socket,id=serial,path=serial.sock,server=on,wait=off,logfile=serial.log,logappend=on",
    );
    line.option("-serial", "chardev:serial");
    Ok(line.arguments)
}

/// Firmware with throw-away variables: boot entries that a guest writes do not outlive a stop, and the loader
/// is found at its default path on the disk.
fn uefi(line: &mut Line) -> Result<(), EngineError> {
    let found = FIRMWARE_FILES
        .iter()
        .find(|(code, _)| Path::new(code).exists());
    let (code, variables) = found.ok_or_else(|| {
        EngineError::unavailable("UEFI firmware", "install the Debian package ovmf")
    })?;
    line.option(
        "-drive",
        format!("if=pflash,unit=0,format=raw,readonly=on,file={code}"),
    );
    line.option(
        "-drive",
        format!("if=pflash,unit=1,format=raw,snapshot=on,file={variables}"),
    );
    Ok(())
}

#[derive(Default)]
struct Line {
    arguments: Vec<String>,
}

impl Line {
    fn flag(&mut self, name: &str) -> &mut Self {
        self.arguments.push(name.to_owned());
        self
    }

    fn option(&mut self, name: &str, value: impl Into<String>) {
        self.arguments.push(name.to_owned());
        self.arguments.push(value.into());
    }
}

/// A name without what would end the option's value or spoil a process list.
fn label(name: &str) -> String {
    name.chars()
        .map(|letter| {
            if letter.is_alphanumeric() || "-_.".contains(letter) {
                letter
            } else {
                '_'
            }
        })
        .collect()
}

fn mac(text: &str) -> Result<&str, EngineError> {
    let octets = text
        .split(':')
        .all(|octet| octet.len() == 2 && octet.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if octets && text.len() == 17 {
        Ok(text)
    } else {
        Err(EngineError::unavailable(
            "the machine",
            format!("{text:?} is not a MAC address"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::{label, mac};

    #[test]
    fn names_cannot_add_options() {
        assert_eq!(label("Lab 1,debug-threads=on"), "Lab_1_debug-threads_on");
        assert_eq!(label("Überprüfung"), "Überprüfung");
    }

    #[test]
    fn addresses_cannot_add_options() {
        assert!(mac("52:54:00:12:34:56").is_ok());
        assert!(mac("52:54:00:12:34:5,").is_err());
        assert!(mac("52:54:00:12:34:56:78").is_err());
    }
}
