//! Files that arrive damaged, or are not what they say.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::house::{House, VERSION};
use super::process::{Client, Process, Reply};

/// A server, and a folder in which files go wrong.
struct Stage {
    house: House,
    process: Process,
    client: Client,
}

impl Stage {
    async fn set() -> Self {
        let house = House::build().await;
        let process = house.open().await;
        let stage = Self {
            client: process.client(),
            house,
            process,
        };
        let body = json!({"location": "westeurope", "properties": {
            "osType": "Linux", "osState": "Specialized",
            "identifier": {"publisher": "school", "offer": "labs", "sku": "uploaded"}
        }});
        let path = format!("{}?{VERSION}", stage.image());
        let made = stage.client.call("PUT", &path, Some(body)).await;
        assert!([200, 201].contains(&made.status), "{made:?}");
        stage
    }

    fn image(&self) -> String {
        format!("{}/images/uploaded", self.house.school.gallery("images"))
    }

    /// Announces a file with a checksum, and sends it.
    async fn send(&self, bytes: &[u8], checksum: &str) -> (String, Reply) {
        let path = format!("{}/uploads?{VERSION}", self.house.school.gallery("images"));
        let file =
            json!({"fileName": "disk.qcow2", "sizeBytes": bytes.len(), "checksum": checksum});
        let announced = self
            .client
            .call("POST", &path, Some(json!({"properties": file})))
            .await;
        assert_eq!(announced.status, 201, "{announced:?}");
        let id = announced.json()["id"].as_str().expect("an id").to_owned();
        let body = (
            "Upload-Offset: 0\r\nContent-Type: application/octet-stream",
            bytes,
        );
        let path = format!("{id}?{VERSION}");
        let sent = self.client.send("PATCH", &path, Some(body)).await;
        (id, sent.expect("an answer"))
    }

    /// Makes a version of a file that arrived, and answers how that ended.
    async fn import(&self, upload: &str) -> Value {
        let disk = json!({"source": {"id": upload}});
        let body = json!({"location": "westeurope", "properties": {"storageProfile": {"osDiskImage": disk}}});
        let path = format!("{}/versions/1.0.0?{VERSION}", self.image());
        let started = self.client.call("PUT", &path, Some(body)).await;
        assert_eq!(started.status, 201, "{started:?}");
        self.client.finished(&started).await
    }

    /// Shows that neither the upload nor a version of it is there, nor any file that no row names.
    async fn assert_gone(&self, upload: &str, when: &str) {
        let version = format!("{}/versions/1.0.0", self.image());
        for path in [upload, &version] {
            let reply = self
                .client
                .call("GET", &format!("{path}?{VERSION}"), None)
                .await;
            assert_eq!(reply.status, 404, "{when}: {reply:?}");
        }
        self.house.assert_tidy(when, Path::new("/")).await;
    }
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn tool(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status();
    assert!(
        status.expect("it runs; ./dev test installs it").success(),
        "{program}"
    );
}

/// A disk of 64 MiB with 2 MiB of data in it.
fn disk(folder: &Path) -> PathBuf {
    let path = folder.join("disk.qcow2");
    let name = path.to_str().expect("a plain path");
    tool("qemu-img", &["create", "-q", "-f", "qcow2", name, "64M"]);
    tool(
        "qemu-io",
        &["-f", "qcow2", "-c", "write -q -P 0x33 0 2M", name],
    );
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_or_foreign_file_is_refused_by_what_is_wrong_and_nothing_of_it_stays() {
    let stage = Stage::set().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = disk(folder.path());
    let whole = std::fs::read(&path).expect("the disk");

    // Damaged on its way: another checksum than announced.
    let mut damaged = whole.clone();
    damaged[300_000] ^= 1;
    let (upload, sent) = stage.send(&damaged, &sum(&whole)).await;
    let error = &sent.json()["error"];
    assert_eq!(
        (sent.status, &error["details"][0]["code"]),
        (400, &Value::from("ChecksumMismatch")),
        "{error}"
    );
    let message = error["message"].as_str().unwrap_or_default();
    assert!(
        message.contains(&sum(&whole)) && message.contains(&sum(&damaged)),
        "{message}"
    );
    stage.assert_gone(&upload, "with another checksum").await;

    // Cut off before it was sent: the checksum is right, the disk is not.
    let cut = &whole[..whole.len() - 1_000_000];
    // A layer over a file of the host: its reader would become the owner of that file.
    let layer = folder.path().join("layer.qcow2");
    let name = layer.to_str().expect("a plain path");
    tool(
        "qemu-img",
        &[
            "create",
            "-q",
            "-u",
            "-f",
            "qcow2",
            "-F",
            "raw",
            "-b",
            "/etc/hostname",
            name,
            "64M",
        ],
    );
    let layer = std::fs::read(layer).expect("the layer");
    let text = b"This is no disk at all, whatever its name says.".repeat(100);
    let cases: [(&str, &[u8], &str, &str); 3] = [
        ("cut off", cut, "DiskCorrupt", "length"),
        ("a layer", &layer, "DiskHasBackingFile", "flattened"),
        ("a text", &text, "DiskFormatMismatch", "not a qcow2 disk"),
    ];
    for (what, bytes, code, words) in cases {
        let (upload, sent) = stage.send(bytes, &sum(bytes)).await;
        assert_eq!(sent.status, 200, "{what}: {sent:?}");
        let operation = stage.import(&upload).await;
        let message = operation["error"]["message"].as_str().unwrap_or_default();
        assert_eq!(operation["status"], "Failed", "{what}: {operation}");
        assert_eq!(
            operation["error"]["details"][0]["code"], "HostileDisk",
            "{what}: {operation}"
        );
        assert!(
            message.contains(code) && message.contains(words),
            "{what}: {message}"
        );
        assert!(!message.contains("/etc"), "{what}: {message}");
        stage.assert_gone(&upload, what).await;
    }

    // The number is free: the same version is made of the whole file.
    let (upload, sent) = stage.send(&whole, &sum(&whole)).await;
    assert_eq!(sent.json()["properties"]["checksum"], sum(&whole));
    let operation = stage.import(&upload).await;
    assert_eq!(operation["status"], "Succeeded", "{operation}");
    stage
        .house
        .assert_tidy("with the whole file", Path::new("/"))
        .await;
    stage.process.kill();
}
