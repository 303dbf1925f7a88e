//! Disks for tests, made by the real tool.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Makes an empty qcow2 of this virtual size: kilobytes on the host, however large it claims to be.
pub fn blank_disk(path: &Path, gib: u64) {
    let made = Command::new("qemu-img")
        .args(["create", "-q", "-f", "qcow2"])
        .arg(path)
        .arg(format!("{gib}G"))
        .status()
        .expect("qemu-img runs; ./dev test installs it");
    assert!(made.success(), "qemu-img made no disk");
}

/// Makes a qcow2 with a small Linux system's files on it, and somebody's account, home and keys: nothing that boots.
pub fn linux_disk(path: &Path) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().join("root");
    let files = [
        (
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n",
        ),
        (
            "etc/shadow",
            "root:$6$salt$hash:1::::::\nada:$6$salt$hash:1::::::\n",
        ),
        ("etc/group", "sudo:x:27:ada\nada:x:1000:\n"),
        ("etc/hostname", "adas-machine\n"),
        ("etc/machine-id", "0123456789abcdef0123456789abcdef\n"),
        ("etc/ssh/ssh_host_ed25519_key", "PRIVATE-HOST-KEY\n"),
        ("home/ada/.ssh/id_ed25519", "PRIVATE-KEY-OF-ADA\n"),
        ("home/ada/notes/exam.txt", "the answers\n"),
        ("var/lib/cloud/instance", "i-1\n"),
        ("usr/share/doc/readme", "what every machine has\n"),
    ];
    for (name, text) in files {
        let file = root.join(name);
        let parent = file.parent().expect("a folder");
        fs::create_dir_all(parent).expect("a folder");
        fs::write(file, text).expect("a file");
    }
    let raw = folder.path().join("disk.raw");
    let run = |program: &str, arguments: &[&std::ffi::OsStr]| {
        let done = Command::new(program).args(arguments).output();
        let done = done.expect("e2fsprogs and qemu-utils are installed");
        assert!(done.status.success(), "{program}: {done:?}");
    };
    let file = fs::File::create(&raw).expect("a file");
    file.set_len(16 << 20).expect("a length");
    let (root, raw, path) = (root.as_os_str(), raw.as_os_str(), path.as_os_str());
    run(
        "/usr/sbin/mke2fs",
        &[
            "-q".as_ref(),
            "-t".as_ref(),
            "ext4".as_ref(),
            "-d".as_ref(),
            root,
            raw,
        ],
    );
    run(
        "qemu-img",
        &["convert", "-f", "raw", "-O", "qcow2"]
            .map(std::ffi::OsStr::new)
            .into_iter()
            .chain([raw, path])
            .collect::<Vec<_>>(),
    );
}

/// Every byte of a disk with its layers, as a machine would see it.
pub fn disk_bytes(path: &Path) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let raw = folder.path().join("disk.raw");
    let made = Command::new("qemu-img")
        .args(["convert", "-O", "raw"])
        .arg(path)
        .arg(&raw)
        .status()
        .expect("qemu-img runs");
    assert!(made.success(), "qemu-img read no disk");
    fs::read(raw).expect("the disk's bytes")
}
