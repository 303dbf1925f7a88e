//! Folders and what fits into them.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use domain::DiskSize;

use super::Finding;
use crate::config::Config;
use crate::host;

/// Less is not enough for one small image and its copies.
const LEAST: DiskSize = DiskSize::from_gib(2);
/// Less fills up with a handful of images.
const COMFORTABLE: DiskSize = DiskSize::from_gib(50);

pub(super) fn look(config: &Config) -> Vec<Finding> {
    let mut findings = vec![
        folder(&config.data.folder),
        space("data folder", "data.folder", &config.data.folder),
    ];
    for store in config.stores() {
        let what = format!("store of {}", store.region);
        findings.push(space(&what, "regions", &store.path));
    }
    for image in &config.base_images {
        let file = config.in_data(&image.file);
        let what = format!("base image {}", image.name);
        findings.push(if file.is_file() {
            Finding::ok(what, file.display().to_string())
        } else {
            Finding::warn(
                what,
                format!(
                    "there is no {}; build it with ./dev run, or take it out of base_images",
                    file.display()
                ),
            )
        });
    }
    findings
}

fn folder(path: &Path) -> Finding {
    let what = "data folder";
    let Ok(facts) = std::fs::metadata(path) else {
        let parent = host::existing(path);
        return match rustix::fs::access(&parent, rustix::fs::Access::WRITE_OK) {
            Ok(()) => Finding::ok(
                what,
                format!("{} will be made at the first start", path.display()),
            ),
            Err(_) => Finding::fail(
                what,
                format!(
                    "{} can't be made in {}; change data.folder",
                    path.display(),
                    parent.display()
                ),
            ),
        };
    };
    let me = rustix::process::geteuid().as_raw();
    if !facts.is_dir() {
        Finding::fail(
            what,
            format!("{} is not a folder; change data.folder", path.display()),
        )
    } else if facts.uid() != me {
        Finding::fail(
            what,
            format!(
                "{0} belongs to another user; chown it to user {me}, or change data.folder",
                path.display()
            ),
        )
    } else if rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_err() {
        Finding::fail(
            what,
            format!(
                "{} can't be written; check its file system, or change data.folder",
                path.display()
            ),
        )
    } else if facts.permissions().mode() & 0o077 != 0 {
        Finding::warn(
            what,
            format!(
                "{0} is open to other users; the next start closes it (chmod 700 {0})",
                path.display()
            ),
        )
    } else {
        Finding::ok(what, path.display().to_string())
    }
}

fn space(what: &str, key: &str, path: &Path) -> Finding {
    let what = format!("space, {what}");
    let free = match host::free_bytes(path) {
        Ok(free) => DiskSize::from_bytes(free),
        Err(error) => {
            return Finding::fail(
                what,
                format!("{} can't be measured: {error}", path.display()),
            );
        }
    };
    if free < LEAST {
        Finding::fail(
            what,
            format!("{free} are free, {LEAST} are needed at least; free some, or change {key}"),
        )
    } else if free < COMFORTABLE {
        Finding::warn(
            what,
            format!(
                "{free} are free; images take tens of GiB each: plan for more, or change {key}"
            ),
        )
    } else {
        Finding::ok(what, format!("{free} are free"))
    }
}
