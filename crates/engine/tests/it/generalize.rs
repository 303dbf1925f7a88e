//! A machine's disk becomes nobody's in particular. Rule A31.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use engine::{EngineError, Watch};

use crate::support::{Place, names, run, text};

const SECTOR: usize = 512;
const START: u32 = 2048;

/// A disk with a Linux system's files in a partition, as a layer over another.
async fn machine_disk(place: &Place, files: &[(&str, &str)]) -> PathBuf {
    let root = place.path("root");
    for (name, content) in files {
        let file = root.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    let raw = place.path("system.raw");
    let mut table = vec![0; 446];
    table.extend([0x80, 0, 0, 0, 0x83, 0, 0, 0]);
    table.extend(START.to_le_bytes());
    table.extend((60_u32 << 11).to_le_bytes());
    table.resize(510, 0);
    table.extend([0x55, 0xaa]);
    fs::write(&raw, table).unwrap();
    fs::File::options()
        .write(true)
        .open(&raw)
        .unwrap()
        .set_len(64 << 20)
        .unwrap();
    let offset = format!("offset={}", START as usize * SECTOR);
    let mke2fs = [
        "-q",
        "-t",
        "ext4",
        "-E",
        &offset,
        "-d",
        text(&root),
        text(&raw),
        "60M",
    ];
    run("/usr/sbin/mke2fs", &mke2fs);
    // As a machine leaves it whose power was cut.
    let device = format!("{}?offset={}", text(&raw), START as usize * SECTOR);
    run(
        "/usr/sbin/debugfs",
        &["-w", "-R", "feature needs_recovery", &device],
    );
    let (base, layer) = (place.path("base.qcow2"), place.path("layer.qcow2"));
    run(
        "qemu-img",
        &[
            "convert",
            "-f",
            "raw",
            "-O",
            "qcow2",
            text(&raw),
            text(&base),
        ],
    );
    place
        .engine
        .disks()
        .overlay_create(&base, &layer)
        .await
        .unwrap();
    layer
}

fn debugfs(raw: &Path, request: &str) -> String {
    let device = format!("{}?offset={}", text(raw), START as usize * SECTOR);
    let said = Command::new("/usr/sbin/debugfs")
        .args(["-R", request, &device])
        .output()
        .unwrap();
    String::from_utf8_lossy(&said.stdout).into_owned()
}

#[tokio::test]
async fn rule_a31_a_generalized_disk_holds_nothing_of_its_machine_not_even_in_free_space() {
    let place = Place::new();
    let files = [
        (
            "etc/passwd",
            "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n",
        ),
        ("etc/shadow", "root:$6$a$b:1::::::\nada:$6$a$b:1::::::\n"),
        ("etc/group", "sudo:x:27:ada,bob\nada:x:1000:\n"),
        ("etc/hostname", "adas-machine\n"),
        ("etc/machine-id", "0123456789abcdef\n"),
        ("etc/ssh/ssh_host_rsa_key", "HOST-KEY-OF-THE-MACHINE\n"),
        ("etc/ssh/sshd_config", "Port 22\n"),
        ("etc/sudoers.d/90-seed-ada", "ada ALL\n"),
        ("home/ada/.ssh/id_rsa", "KEY-OF-ADA\n"),
        ("home/ada/a folder/with a name", "NOTES-OF-ADA\n"),
        ("home/bob/.profile", "x\n"),
        (
            "var/lib/cloud/instances/i-1/user-data.txt",
            "SEED-OF-THE-MACHINE\n",
        ),
        ("usr/bin/tool", "what every machine has\n"),
    ];
    let layer = machine_disk(&place, &files).await;
    let target = place.engine.staging_dir().join("disk.qcow2");
    let disks = place.engine.disks();
    let facts = disks
        .generalize(&layer, &target, &Watch::silent())
        .await
        .unwrap();
    assert_eq!(facts.virtual_bytes, 64 << 20);
    assert_eq!(names(&place.engine.staging_dir()), ["disk.qcow2"]);
    disks.check(&target).await.unwrap();

    let raw = place.path("after.raw");
    run(
        "qemu-img",
        &["convert", "-O", "raw", text(&target), text(&raw)],
    );
    assert_eq!(
        debugfs(&raw, "cat /etc/passwd"),
        "root:x:0:0::/root:/bin/sh\n"
    );
    assert_eq!(debugfs(&raw, "cat /etc/shadow"), "root:*:1::::::\n");
    assert_eq!(debugfs(&raw, "cat /etc/group"), "sudo:x:27:\n");
    assert_eq!(debugfs(&raw, "cat /etc/hostname"), "localhost\n");
    assert_eq!(debugfs(&raw, "cat /etc/machine-id"), "");
    assert_eq!(
        debugfs(&raw, "cat /usr/bin/tool"),
        "what every machine has\n"
    );
    assert_eq!(debugfs(&raw, "cat /etc/ssh/sshd_config"), "Port 22\n");
    assert!(debugfs(&raw, "stat /etc/passwd").contains("Mode:  0644"));
    let bytes = fs::read(&raw).unwrap();
    let secrets = [
        "HOST-KEY-OF",
        "KEY-OF-ADA",
        "NOTES-OF-ADA",
        "SEED-OF",
        "adas-machine",
    ];
    for secret in secrets {
        let is_left = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!is_left, "{secret} is left on the disk");
    }
    let device = format!("{}?offset={}", text(&raw), START as usize * SECTOR);
    run("/usr/sbin/e2fsck", &["-f", "-n", &device]);
}

#[tokio::test]
async fn a_disk_without_a_linux_system_is_refused_and_nothing_stays() {
    let place = Place::new();
    let disk = place.path("blank.qcow2");
    place.engine.disks().create(&disk, 8 << 20).await.unwrap();
    let target = place.engine.staging_dir().join("disk.qcow2");
    let refused = place
        .engine
        .disks()
        .generalize(&disk, &target, &Watch::silent())
        .await;
    assert!(
        matches!(
            refused,
            Err(EngineError::Refused {
                code: "DiskNotGeneralizable",
                ..
            })
        ),
        "{refused:?}"
    );
    assert!(names(&place.engine.staging_dir()).is_empty());
}

#[tokio::test]
async fn a_name_that_no_command_can_bear_is_no_way_to_run_one() {
    let place = Place::new();
    let hostile = "home/ada/\"\nwrite /etc/hostname stolen";
    let files = [
        ("etc/passwd", "ada:x:1000:1000::/home/ada:/bin/sh\n"),
        (hostile, "x"),
    ];
    let layer = machine_disk(&place, &files).await;
    let target = place.engine.staging_dir().join("disk.qcow2");
    let refused = place
        .engine
        .disks()
        .generalize(&layer, &target, &Watch::silent())
        .await;
    assert!(
        matches!(
            refused,
            Err(EngineError::Refused {
                code: "DiskNotGeneralizable",
                ..
            })
        ),
        "{refused:?}"
    );
    assert!(names(&place.engine.staging_dir()).is_empty());
}
