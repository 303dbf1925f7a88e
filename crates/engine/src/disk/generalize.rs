//! A machine's disk without what makes it that machine. Rule A31.
//!
//! The disk is written out raw, changed offline and written back: nothing has to start, nothing is mounted, and a step
//! that is interrupted leaves the machine's own disk as it was. What is removed is also gone from the free space.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::accounts::{self, Person};
use super::ext4::{Changes, Ext4};
use super::image::{TRUSTED, block_node, file_node, pseudo_name, require_space};
use super::partition::ext_offsets;
use super::{DiskFacts, DiskFormat, Disks};
use crate::disk::header::Header;
use crate::tool::Tool;
use crate::{EngineError, Watch};

/// Folders whose contents are one machine's.
const TREES: &[&str] = &[
    "/root/.ssh",
    "/tmp",
    "/var/lib/NetworkManager",
    "/var/lib/cloud",
    "/var/lib/dhclient",
    "/var/lib/dhcp",
    "/var/lib/vitrine",
    "/var/lib/waagent",
    "/var/log/journal",
    "/var/tmp",
];
/// Files that are one machine's.
const FILES: &[&str] = &[
    "/etc/group-",
    "/etc/gshadow-",
    "/etc/passwd-",
    "/etc/shadow-",
    "/etc/subgid-",
    "/etc/subuid-",
    "/etc/sudoers.d/90-cloud-init-users",
    "/etc/udev/rules.d/70-persistent-net.rules",
    "/root/.bash_history",
    "/var/lib/dbus/machine-id",
    "/var/lib/systemd/credential.secret",
    "/var/lib/systemd/random-seed",
];
/// Files that must be there, with what they say on no machine in particular.
const BLANK: &[(&str, &str)] = &[
    ("/etc/hostname", "localhost\n"),
    ("/etc/machine-id", ""),
    ("/etc/resolv.conf", ""),
    ("/var/log/btmp", ""),
    ("/var/log/lastlog", ""),
    ("/var/log/wtmp", ""),
];

impl Disks {
    /// Writes a disk and its layers as one, without host keys, machine id, host name, leases, logs of sign-ins, and
    /// without the people's accounts and files: what `waagent -deprovision+user` removes. Rule A31.
    ///
    /// # Errors
    /// `Refused` with code `DiskNotGeneralizable` where no Linux system is found on an ext2, ext3 or ext4 file system;
    /// `Cancelled`, `NoSpace`, `Tool`. Nothing stays under `target` then.
    pub async fn generalize(
        &self,
        source: &Path,
        target: &Path,
        watch: &Watch,
    ) -> Result<DiskFacts, EngineError> {
        let raw = target.with_extension("raw");
        let made = self.generalize_over(source, &raw, target, watch).await;
        for scratch in [part_of(&raw), raw] {
            match tokio::fs::remove_file(&scratch).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound && made.is_ok() => {
                    return Err(EngineError::io("remove", &scratch, error));
                }
                _ => {}
            }
        }
        made
    }

    async fn generalize_over(
        &self,
        source: &Path,
        raw: &Path,
        target: &Path,
        watch: &Watch,
    ) -> Result<DiskFacts, EngineError> {
        let needed = self.measure(source).await?;
        require_space(target, needed.saturating_mul(3))?;
        self.write_raw(source, raw, needed, watch).await?;
        let part = part_of(raw);
        let mut systems = 0_u32;
        for offset in ext_offsets(raw)? {
            self.cut_out(raw, offset, &part, watch).await?;
            let files = Ext4::new(&part, watch);
            files.check(false).await?;
            if let Some(passwd) = files.read("/etc/passwd").await? {
                strip(&files, &accounts::people(&passwd)).await?;
                systems += 1;
            }
            files.check(true).await?;
            self.put_back(&part, raw, offset, watch).await?;
        }
        if systems == 0 {
            return Err(EngineError::refused(
                "DiskNotGeneralizable",
                "No Linux system was found on an ext2, ext3 or ext4 file system, so its machine data can't be removed from outside. Remove it inside the machine (sysprep or waagent -deprovision), and upload its disk as a generalized image.",
            ));
        }
        let node = file_node(DiskFormat::Raw, raw)?;
        let total_bytes = Header::read(source)?.virtual_bytes;
        self.convert(&node, target, total_bytes, needed, TRUSTED, watch)
            .await?;
        self.facts(target).await
    }

    async fn write_raw(
        &self,
        source: &Path,
        raw: &Path,
        needed: u64,
        watch: &Watch,
    ) -> Result<(), EngineError> {
        let tool = Tool::new(&self.qemu_img, TRUSTED)
            .args(["convert", "-O", "raw"])
            .arg(pseudo_name(&block_node(source)?))
            .arg(raw);
        written(tool, raw, needed, watch).await
    }

    /// Copies a disk from an offset to its end. Holes stay holes.
    async fn cut_out(
        &self,
        raw: &Path,
        offset: u64,
        part: &Path,
        watch: &Watch,
    ) -> Result<(), EngineError> {
        let mut node = file_node(DiskFormat::Raw, raw)?;
        node["offset"] = json!(offset);
        let tool = Tool::new(&self.qemu_img, TRUSTED)
            .args(["convert", "-O", "raw"])
            .arg(pseudo_name(&node))
            .arg(part);
        written(tool, part, 0, watch).await
    }

    /// Puts what was cut out back in its place; what is zero now becomes a hole.
    async fn put_back(
        &self,
        part: &Path,
        raw: &Path,
        offset: u64,
        watch: &Watch,
    ) -> Result<(), EngineError> {
        let name = raw.display().to_string().replace(',', ",,");
        let place = format!("driver=raw,offset={offset},file.driver=file,file.filename={name}");
        let tool = Tool::new(&self.qemu_img, TRUSTED)
            .args(["convert", "-n", "-f", "raw"])
            .arg(part)
            .arg("--target-image-opts")
            .arg(place);
        written(tool, raw, 0, watch).await
    }
}

/// Where one file system of a raw disk is worked on.
fn part_of(raw: &Path) -> PathBuf {
    raw.with_extension("part")
}

async fn written(tool: Tool, target: &Path, needed: u64, watch: &Watch) -> Result<(), EngineError> {
    let finished = tool.run(watch).await?;
    if finished.succeeded() {
        Ok(())
    } else if finished.out_of_space() {
        Err(EngineError::no_space(target, needed))
    } else {
        Err(finished.into_error())
    }
}

/// What a file says afterwards, from what it says.
type Rewrite<'a> = &'a (dyn Fn(&str) -> String + Sync);

/// Takes one system's identity and people away, and makes sure that they are gone.
async fn strip(files: &Ext4<'_>, people: &[Person]) -> Result<(), EngineError> {
    let mut changes = Changes::default();
    for path in FILES {
        changes.remove(path);
    }
    for entry in files.list("/etc/ssh").await? {
        if entry.name.starts_with("ssh_host_") {
            changes.remove(&format!("/etc/ssh/{}", entry.name));
        }
    }
    for tree in TREES {
        files.below(tree, &mut changes).await?;
    }
    for person in people {
        remove_person(files, person, &mut changes).await?;
    }
    let without = |text: &str| accounts::without(text, people);
    let rewritten: [(&str, Rewrite<'_>); 6] = [
        ("/etc/passwd", &without),
        ("/etc/shadow", &|text| accounts::locked(text, people)),
        ("/etc/group", &|text| accounts::left(text, people)),
        ("/etc/gshadow", &|text| accounts::left(text, people)),
        ("/etc/subuid", &without),
        ("/etc/subgid", &without),
    ];
    for (path, rewrite) in rewritten {
        if let (Some(entry), Some(text)) = (files.find(path).await?, files.read(path).await?) {
            changes.write(path, rewrite(&text), entry);
        }
    }
    for (path, text) in BLANK {
        if let Some(entry) = files.find(path).await?.filter(super::ext4::Entry::is_file) {
            changes.write(path, (*text).to_owned(), entry);
        }
    }
    files.apply(&changes).await?;
    gone(files, people).await
}

/// Removes a person's files.
async fn remove_person(
    files: &Ext4<'_>,
    person: &Person,
    changes: &mut Changes,
) -> Result<(), EngineError> {
    if let Some(home) = &person.home {
        files.below(home, changes).await?;
        changes.empty(home);
    }
    for folder in ["/var/mail", "/var/spool/mail", "/var/spool/cron/crontabs"] {
        changes.remove(&format!("{folder}/{}", person.name));
    }
    changes.remove(&format!("/etc/sudoers.d/90-seed-{}", person.name));
    Ok(())
}

/// Refuses a disk on which something of the machine is left, such as a file whose name no command can bear.
async fn gone(files: &Ext4<'_>, people: &[Person]) -> Result<(), EngineError> {
    let passwd = files.read("/etc/passwd").await?.unwrap_or_default();
    let mut is_left = !accounts::people(&passwd).is_empty();
    for entry in files.list("/etc/ssh").await? {
        is_left |= entry.name.starts_with("ssh_host_");
    }
    for home in people.iter().filter_map(|person| person.home.as_ref()) {
        is_left |= files.find(home).await?.is_some();
    }
    if is_left {
        return Err(EngineError::refused(
            "DiskNotGeneralizable",
            "Some of the machine's own data can't be removed from outside: a file's name has unusual signs. Remove the people's accounts inside the machine, shut it down, then try again.",
        ));
    }
    Ok(())
}
