use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine::{
    ConsoleStream, EngineError, Firmware, Hypervisor, MachineSpec, PowerState, Seed, Watch,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use crate::support::{Place, hypervisor};

const GRACE: Duration = Duration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(120);
/// crypt(3) of the word `secret`.
const HASH: &str = "$6$vitrine$GY9xRDl2xA6URH9kacafn59FZnD5Kqn7o5EBmZh9TSAoZBcety/2S2joX2LXidrARP924Lpx10qGkJO.4dWJF.";

fn base_image() -> PathBuf {
    let path = std::env::var_os("VITRINE_BASE_IMAGE")
        .map(PathBuf::from)
        .filter(|path| path.is_file());
    path.expect("build the base image with crates/engine/base-image/build.sh OUT and set VITRINE_BASE_IMAGE=OUT/base.qcow2")
}

fn spec(id: u128, disk: &Path, seed: Option<Seed>) -> MachineSpec {
    MachineSpec {
        id: Uuid::from_u128(id),
        name: "Template, of a lab".into(),
        vcpus: 1,
        memory_mib: 256,
        disks: vec![disk.to_owned()],
        seed,
        mac: "52:54:00:00:00:01".into(),
        firmware: Firmware::Bios,
    }
}

fn seed(instance: &str) -> Seed {
    Seed {
        instance_id: instance.into(),
        local_hostname: Some("anatomy".into()),
        user: Some("teacher".into()),
        password_hash: Some(HASH.into()),
        ssh_keys: Vec::new(),
    }
}

/// A person at the serial console.
struct Typist {
    line: Box<dyn ConsoleStream>,
    seen: String,
    transcript: String,
}

impl Typist {
    async fn sit_down(hypervisor: &dyn Hypervisor, id: Uuid) -> Self {
        Self {
            line: hypervisor.serial(id).await.unwrap(),
            seen: String::new(),
            transcript: String::new(),
        }
    }

    /// Reads until `words` come, and forgets all up to them.
    async fn wait_for(&mut self, words: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(place) = self.seen.find(words) {
                let rest = self.seen.split_off(place + words.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            let mut piece = [0; 4096];
            let left = end.saturating_duration_since(Instant::now());
            let count = tokio::time::timeout(left, self.line.read(&mut piece)).await;
            let count = count.unwrap_or(Ok(0)).unwrap();
            assert!(count > 0, "{words:?} did not come: {:?}", self.transcript);
            let heard = String::from_utf8_lossy(&piece[..count]);
            self.seen.push_str(&heard);
            self.transcript.push_str(&heard);
        }
    }

    async fn enter(&mut self, text: &str) {
        self.line
            .write_all(format!("{text}\n").as_bytes())
            .await
            .unwrap();
    }

    async fn log_in(&mut self, host: &str) {
        self.wait_for(&format!("{host} login: ")).await;
        self.enter("teacher").await;
        self.wait_for("Password: ").await;
        self.enter("secret").await;
        self.wait_for("$ ").await;
    }

    /// Runs a command and answers what it printed.
    async fn run(&mut self, command: &str) -> String {
        self.enter(&format!("{command}; echo en''d")).await;
        self.wait_for("en''d").await;
        self.wait_for("end").await
    }
}

#[tokio::test]
async fn a_machine_lives_through_a_restart_and_its_work_through_an_export() {
    let place = Place::new();
    let data_dir = place.path("data");
    let disks = place.engine.disks();
    let first = hypervisor(&data_dir);
    let id = Uuid::from_u128(1);
    let folder = place.engine.machine_dir(id);
    std::fs::create_dir_all(&folder).unwrap();
    let layer = folder.join("os.qcow2");
    disks.overlay_create(&base_image(), &layer).await.unwrap();

    let machine = spec(1, &layer, Some(seed("i-1")));
    first.start(&machine).await.unwrap();
    first.start(&machine).await.unwrap();
    assert_eq!(first.state(id).await.unwrap(), PowerState::Running);
    let mut typist = Typist::sit_down(&first, id).await;
    typist.log_in("anatomy").await;
    typist
        .run("mkdir work; echo bones > work/notes; sync")
        .await;

    // The server restarts: another driver finds the machine, and the new viewer sees the past.
    drop((typist, first));
    let second = hypervisor(&data_dir);
    assert_eq!(second.list().await.unwrap(), [id]);
    let mut again = Typist::sit_down(&second, id).await;
    again.wait_for("bones > work/notes").await;
    again.wait_for("$ ").await;
    assert!(again.run("cat work/notes").await.contains("bones"));
    // Two viewers share the line.
    let mut onlooker = Typist::sit_down(&second, id).await;
    again.run("echo femur").await;
    onlooker.wait_for("echo femur").await;

    let picture = second.screenshot(id).await.unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    let mut greeting = [0; 12];
    second
        .screen(id)
        .await
        .unwrap()
        .read_exact(&mut greeting)
        .await
        .unwrap();
    assert_eq!(&greeting, b"RFB 003.008\n");

    let asked = Instant::now();
    second.stop(id, GRACE).await.unwrap();
    assert!(asked.elapsed() < GRACE, "it was stopped politely");
    second.stop(id, GRACE).await.unwrap();
    assert_eq!(second.state(id).await.unwrap(), PowerState::Stopped);
    assert!(!folder.join("qemu.pid").exists());

    // Specialized: the copy boots with an identity of its own but with the old name, accounts and files.
    let flat = place.engine.staging_dir().join("flat.qcow2");
    disks
        .flatten(&layer, &flat, &Watch::silent())
        .await
        .unwrap();
    disks.check(&flat).await.unwrap();
    let keeper = Seed {
        local_hostname: None,
        user: None,
        password_hash: None,
        ..seed("i-2")
    };
    let copy = spec(2, &flat, Some(keeper));
    second.start(&copy).await.unwrap();
    let mut typist = Typist::sit_down(&second, copy.id).await;
    typist.log_in("anatomy").await;
    assert!(typist.run("cat work/notes").await.contains("bones"));
    assert!(typist.run("sudo -l -n || id -nG").await.contains("sudo"));
    second.stop(copy.id, GRACE).await.unwrap();
}

#[tokio::test]
async fn a_machine_that_does_not_listen_is_stopped_by_force() {
    let place = Place::new();
    let hypervisor = place.engine.hypervisor();
    let id = Uuid::from_u128(3);
    let folder = place.engine.machine_dir(id);
    std::fs::create_dir_all(&folder).unwrap();
    let layer = folder.join("os.qcow2");
    place
        .engine
        .disks()
        .overlay_create(&base_image(), &layer)
        .await
        .unwrap();
    hypervisor.start(&spec(3, &layer, None)).await.unwrap();
    // The guest is still in its firmware, which knows no power button.
    hypervisor
        .stop(id, Duration::from_millis(300))
        .await
        .unwrap();
    assert!(hypervisor.list().await.unwrap().is_empty());
    place.engine.disks().check(&layer).await.unwrap();
}

#[tokio::test]
async fn the_remains_of_a_dead_machine_are_recognised() {
    let place = Place::new();
    let hypervisor = place.engine.hypervisor();
    let id = Uuid::from_u128(4);
    let folder = place.engine.machine_dir(id);
    std::fs::create_dir_all(&folder).unwrap();
    let mut bystander = std::process::Command::new("sleep")
        .arg("60")
        .spawn()
        .unwrap();
    std::fs::write(folder.join("qemu.pid"), bystander.id().to_string()).unwrap();
    drop(std::os::unix::net::UnixListener::bind(folder.join("qmp.sock")).unwrap());

    assert_eq!(hypervisor.state(id).await.unwrap(), PowerState::Stopped);
    hypervisor.stop(id, Duration::from_secs(1)).await.unwrap();
    assert!(
        bystander.try_wait().unwrap().is_none(),
        "a process that got an old number is left alone"
    );
    bystander.kill().unwrap();
    bystander.wait().unwrap();
    assert!(hypervisor.screen(id).await.is_err());
}

#[tokio::test]
async fn a_machine_that_cannot_start_says_why() {
    let place = Place::new();
    let hypervisor = place.engine.hypervisor();
    let mut machine = spec(5, &place.path("missing.qcow2"), None);
    let error = hypervisor.start(&machine).await.unwrap_err();
    assert!(matches!(error, EngineError::NotFound { .. }), "{error}");
    machine.disks.clear();
    machine.memory_mib = 1 << 40;
    let error = hypervisor.start(&machine).await.unwrap_err();
    assert!(matches!(error, EngineError::Unavailable { .. }), "{error}");
    assert_eq!(
        hypervisor.state(machine.id).await.unwrap(),
        PowerState::Stopped
    );
}

#[tokio::test]
async fn sockets_work_however_deep_the_data_lies() {
    let place = Place::new();
    let deep = place.path(&"deep/".repeat(30));
    let hypervisor = hypervisor(&deep);
    let mut machine = spec(6, &deep, None);
    machine.disks.clear();
    hypervisor.start(&machine).await.unwrap();
    assert_eq!(hypervisor.list().await.unwrap(), [machine.id]);
    hypervisor.stop(machine.id, Duration::ZERO).await.unwrap();
}

#[tokio::test]
async fn the_host_says_what_it_runs_machines_on_and_why() {
    let place = Place::new();
    let choice = engine::AcceleratorChoice::Auto;
    let auto = || {
        engine::QemuHypervisor::new(
            place.path("data"),
            "qemu-system-x86_64",
            choice,
            Default::default(),
        )
    };
    let facts = auto().host().await.unwrap();
    assert!(facts.version.starts_with("QEMU"), "{facts:?}");
    assert!(!facts.reason.is_empty() && facts.memory_bytes > 0 && facts.cores > 0);
    let asked = Instant::now();
    assert_eq!(auto().host().await.unwrap(), facts);
    assert!(
        asked.elapsed() < Duration::from_secs(1),
        "the verdict is kept until the host restarts"
    );
}
