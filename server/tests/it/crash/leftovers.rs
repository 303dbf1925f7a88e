//! What is there and should not be, or should be and is not.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::image::ReplicaState;
use domain::machine::MachineState;
use store::entity::{image_version, job, machine, replica, upload};
use store::sea_orm::EntityTrait as _;
use tokio::time::{Instant, sleep};

use super::house::House;

/// How long a program may take to notice that its parent is gone.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a start leaves in a machine's folder, and what a test puts into a store.
const NOT_OURS: [&str; 4] = ["lock", "serial.log", "seed.iso", "ballast"];

impl House {
    /// Shows that files and rows name each other, that nothing is held, and that no program works on here.
    ///
    /// `root` is where the program sees its files: `/`, or the root of its namespace.
    pub(crate) async fn assert_tidy(&self, when: &str, root: &Path) {
        self.assert_rows_are_settled(when).await;
        let wanted = self.files_of_rows().await;
        let found = files(&beneath(root, self.portal.folder()), root);
        let stray: Vec<_> = found.difference(&wanted).collect();
        let missing: Vec<_> = wanted.difference(&found).collect();
        assert!(
            stray.is_empty(),
            "{when}: files that no row names: {stray:?}"
        );
        assert!(
            missing.is_empty(),
            "{when}: rows without files: {missing:?}"
        );
    }

    /// Shows that no program that worked in the data folder outlives its server.
    pub(crate) async fn assert_no_process(&self, when: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = processes_in(self.portal.folder());
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < end, "{when}: still running: {left:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn assert_rows_are_settled(&self, when: &str) {
        let db = self.portal.services.store().db();
        for row in job::Entity::find().all(db).await.expect("rows") {
            let held = (row.finished_at.is_none(), row.lease_owner, row.lease_until);
            assert_eq!(held, (false, None, None), "{when}: job {}", row.kind);
        }
        for row in machine::Entity::find().all(db).await.expect("rows") {
            let stopped = MachineState::Stopped.to_string();
            assert_eq!((row.job_id, row.state), (None, stopped), "{when}");
        }
        for row in image_version::Entity::find().all(db).await.expect("rows") {
            let state = (row.job_id, row.state.as_str());
            assert_eq!(state, (None, "Succeeded"), "{when}: {}", row.resource_id);
        }
        let settled = [ReplicaState::Ready, ReplicaState::Failed].map(|state| state.to_string());
        for row in replica::Entity::find().all(db).await.expect("rows") {
            assert!(settled.contains(&row.state), "{when}: {row:?}");
        }
    }

    /// Every file that a row speaks of.
    async fn files_of_rows(&self) -> BTreeSet<PathBuf> {
        let db = self.portal.services.store().db();
        let folder = self.portal.folder();
        let mut named = BTreeSet::new();
        for row in replica::Entity::find().all(db).await.expect("rows") {
            if row.state == ReplicaState::Ready.to_string() {
                let file = format!("0-{}.qcow2", row.ordinal);
                let store = row.store.unwrap_or(row.region).replace(".zone-", "-");
                let images = folder.join("stores").join(store).join("images");
                named.insert(images.join(row.version_id.to_string()).join(file));
            }
        }
        for row in machine::Entity::find().all(db).await.expect("rows") {
            let machine = folder.join("machines").join(row.id.to_string());
            named.insert(machine.join("disk-0.qcow2"));
        }
        for row in upload::Entity::find().all(db).await.expect("rows") {
            named.insert(folder.join("uploads").join(format!("{}.part", row.id)));
        }
        named
    }
}

/// A path as it is seen beneath another root.
pub(crate) fn beneath(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").expect("an absolute path"))
}

/// The files of the data folder that belong to labs and galleries, by their paths from the root; of what is staged,
/// the folder of its job.
fn files(folder: &Path, root: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders: Vec<PathBuf> = ["stores", "machines", "uploads", "staging"]
        .map(|name| folder.join(name))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !folder.ends_with("staging") {
                folders.push(path);
            } else {
                let path = path.strip_prefix(root).expect("a path below the root");
                found.insert(Path::new("/").join(path));
            }
        }
    }
    found.retain(|path| !NOT_OURS.iter().any(|name| path.ends_with(name)));
    found
}

/// The command lines of the programs that name this folder.
pub(crate) fn processes_in(folder: &Path) -> Vec<String> {
    let folder = folder.to_str().expect("a plain path");
    let processes = std::fs::read_dir("/proc").expect("the kernel's list");
    processes
        .filter_map(|entry| std::fs::read(entry.ok()?.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(folder))
        .collect()
}
