//! A region's store that is full. Rules A54, A55.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::house::{FILLED_MIB, House, VERSION};
use super::leftovers::beneath;
use super::process::{Client, Process};

const FULL: &str = "northeurope";

/// Copies the folder `$1` to `$2`, mounts a small file system in its place, takes the files along, fills all but 1 MiB,
/// and becomes the rest of the line. A user's own namespaces suffice: nobody else sees the mount, and it goes with the
/// program.
const SMALL: &str = r#"
cp -a "$1" "$2" &&
mount -t tmpfs -o size=64m,mode=700 tmpfs "$1" &&
cp -a "$2/." "$1" &&
head -c 63M /dev/zero > "$1/ballast" &&
shift 2 &&
exec "$@"
"#;

/// A house in which one region's store is small and full.
struct Cramped {
    house: House,
    _process: Process,
    client: Client,
    /// The store, as it is seen from outside of the program's namespace.
    store: PathBuf,
    /// Where the program's files are seen from outside.
    root: PathBuf,
    _aside: TempDir,
}

impl Cramped {
    async fn build(region: &str) -> Self {
        let house = House::build().await;
        let aside = tempfile::tempdir().expect("a folder");
        let copy = aside.path().join("copy");
        let store = house.portal.folder().join("stores").join(region);
        let prelude = [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            SMALL,
            "sh",
        ];
        let paths = [&store, &copy].map(|path| path.to_str().expect("a plain path"));
        let process = house.open_through(&[&prelude[..], &paths].concat()).await;
        let root = Path::new("/proc")
            .join(process.id().to_string())
            .join("root");
        Self {
            client: process.client(),
            store: beneath(&root, &store),
            house,
            _process: process,
            root,
            _aside: aside,
        }
    }

    async fn export(&self) -> Value {
        let started = self
            .house
            .export(&self.client, "bio")
            .await
            .expect("an answer");
        assert_eq!(started.status, 202, "{started:?}");
        self.client.finished(&started).await
    }

    /// Asks for the same regions once more, as the version's settings page does.
    async fn ask_again(&self) -> Value {
        let targets = json!([{"name": "westeurope"}, {"name": FULL}]);
        let body = json!({"properties": {"publishingProfile": {"targetRegions": targets}}});
        let path = format!("{}?{VERSION}", self.house.version("bio"));
        let answer = self.client.call("PATCH", &path, Some(body)).await;
        self.client.finished(&answer).await
    }

    fn make_room(&self) {
        std::fs::remove_file(self.store.join("ballast")).expect("room");
    }

    async fn assert_tidy(&self, when: &str) {
        self.house.assert_tidy(when, &self.root).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_store_costs_its_own_region_alone_and_asking_again_repairs_it() {
    let stage = Cramped::build(FULL).await;
    let operation = stage.export().await;

    // The operation says what is missing, and what to do.
    let error = &operation["error"];
    let message = error["message"].as_str().unwrap_or_default();
    assert_eq!(operation["status"], "Failed", "{operation}");
    assert_eq!(
        (&error["code"], &error["target"]),
        (&json!("InsufficientStorage"), &json!(FULL))
    );
    assert!(
        message.contains("The store of northeurope has 1 MiB free"),
        "{message}"
    );
    assert!(needed_by(message) >= FILLED_MIB, "{message}");
    assert!(message.contains("Make room there"), "{message}");
    assert!(message.contains("Everything else is done"), "{message}");
    let made = stage.house.version("bio");
    assert_eq!(
        operation["properties"]["result"],
        made.as_str(),
        "{operation}"
    );

    // The version says where it is and where not; its own region has it and can be used.
    let version = stage.house.replication(&stage.client, "bio").await;
    assert_eq!(version["provisioningState"], "Succeeded", "{version}");
    let status = &version["replicationStatus"];
    assert_eq!(status["aggregatedState"], "Failed", "{version}");
    assert_eq!(
        of_region(status, "westeurope")["state"],
        "Completed",
        "{version}"
    );
    let full = of_region(status, FULL);
    assert_eq!(full["state"], "Failed", "{version}");
    let details = full["details"].as_str().unwrap_or("no details");
    assert!(message.starts_with(details), "{version}");
    stage.assert_tidy("with a full store").await;
    stage.house.create_lab("next", "bio").await;
    stage
        .assert_tidy("with a lab of the half-spread version")
        .await;

    let again = stage.ask_again().await;
    assert_eq!(
        again["error"]["message"], message,
        "while there is no room: {again}"
    );
    stage.assert_tidy("with a store that is still full").await;

    stage.make_room();
    let again = stage.ask_again().await;
    assert_eq!(again["status"], "Succeeded", "{again}");
    let version = stage.house.replication(&stage.client, "bio").await;
    assert_eq!(
        version["replicationStatus"]["aggregatedState"], "Completed",
        "{version}"
    );
    stage.assert_tidy("with room again").await;
    let copies = stage.store.join("images");
    let copy = std::fs::read_dir(copies)
        .expect("copies")
        .next()
        .expect("a copy");
    let copy = copy.expect("an entry").path().join("0-1.qcow2");
    let disks = stage.house.portal.services.engine().disks();
    let sum = disks
        .checksum(&copy, &engine::Watch::silent())
        .await
        .expect("a sum");
    let checksum = &version["storageProfile"]["osDiskImage"]["checksum"];
    assert_eq!(sum.as_str(), checksum.as_str().unwrap_or_default());
}

/// A full source region leaves nothing to have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_whose_own_region_is_full_is_undone_and_works_once_there_is_room() {
    let stage = Cramped::build("westeurope").await;
    let operation = stage.export().await;
    let error = &operation["error"];
    assert_eq!(operation["status"], "Failed", "{operation}");
    assert_eq!(
        (&error["code"], &error["target"]),
        (&json!("InsufficientStorage"), &json!("westeurope"))
    );
    let path = format!("{}?{VERSION}", stage.house.version("bio"));
    assert_eq!(stage.client.call("GET", &path, None).await.status, 404);
    stage.assert_tidy("with a full source region").await;

    stage.make_room();
    let operation = stage.export().await;
    assert_eq!(operation["status"], "Succeeded", "{operation}");
    stage.assert_tidy("with room in the source region").await;
}

fn of_region<'a>(status: &'a Value, region: &str) -> &'a Value {
    let regions = status["summary"].as_array().expect("regions");
    let found = regions.iter().find(|one| one["region"] == region);
    found.unwrap_or_else(|| panic!("no {region} in {status}"))
}

/// The MiB that a message says are needed.
fn needed_by(message: &str) -> u64 {
    let before = message.split(" MiB are needed").next().unwrap_or_default();
    let number = before.rsplit(' ').next().unwrap_or_default();
    number.parse::<f64>().map_or(0, |mib| mib as u64)
}
