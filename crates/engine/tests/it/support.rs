use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use engine::{
    AcceleratorChoice, Engine, EngineConfig, NetworkMode, Progress, QemuHypervisor,
    RegionStoreConfig, Watch,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// An engine with two regions in a folder of its own.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) engine: Engine,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut EngineConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let regions = ["north", "south"].map(|region| RegionStoreConfig {
            region: region.into(),
            path: folder.path().join("stores").join(region),
        });
        let mut config = EngineConfig::new(folder.path().join("data"), regions.into());
        change(&mut config);
        let hypervisor = Arc::new(hypervisor(&config.data_dir));
        let engine = Engine::open(config, hypervisor).unwrap();
        Self { folder, engine }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Place {
    /// A test that failed half-way leaves no machine behind.
    fn drop(&mut self) {
        let Ok(machines) = std::fs::read_dir(self.path("data/machines")) else {
            return;
        };
        for folder in machines.flatten() {
            let id = folder.file_name().into_string().unwrap_or_default();
            let pid = std::fs::read_to_string(folder.path().join("qemu.pid")).unwrap_or_default();
            let command_line = std::fs::read_to_string(format!("/proc/{}/cmdline", pid.trim()))
                .unwrap_or_default();
            if !id.is_empty() && command_line.contains(&id) {
                let _ = Command::new("kill").arg(pid.trim()).status();
            }
        }
    }
}

pub(crate) fn hypervisor(data_dir: &Path) -> QemuHypervisor {
    QemuHypervisor::new(
        data_dir,
        "qemu-system-x86_64",
        AcceleratorChoice::Emulation,
        NetworkMode::Isolated,
    )
}

/// Runs a program that prepares a test, and fails the test with what it said.
pub(crate) fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A watch that cancels as soon as it hears of progress.
pub(crate) fn impatient() -> Watch {
    let cancel = CancellationToken::new();
    let trigger = cancel.clone();
    Watch::new(cancel, Arc::new(move |_| trigger.cancel()))
}

/// A watch that remembers what it heard.
pub(crate) fn attentive() -> (Watch, Arc<Mutex<Vec<Progress>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&heard);
    let report = Arc::new(move |progress| listener.lock().unwrap().push(progress));
    (Watch::new(CancellationToken::new(), report), heard)
}

/// Runs the calling test once more, alone, in namespaces of its own with `folder` as a file system of
/// `size`. Answers whether this is that inner run, which shall do the test's work; needs no privilege.
pub(crate) fn in_small_file_system(test: &str, size: &str) -> Option<PathBuf> {
    const FOLDER: &str = "VITRINE_TEST_SMALL_FOLDER";
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Some(folder.into());
    }
    let folder = tempfile::tempdir().unwrap();
    let myself = std::env::current_exe().unwrap();
    let script = r#"mount -t tmpfs -o "size=$1" tmpfs "$2" && exec "$3" --exact "$4" --nocapture"#;
    let output = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
            size,
        ])
        .arg(folder.path())
        .arg(myself)
        .arg(test)
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
    None
}
