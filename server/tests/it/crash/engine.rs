//! An emulator that does not start.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::house::{House, VERSION};
use super::process::Client;

/// An emulator that starts no machine while a file lies beside it, though it still tells its version.
const EMULATOR: &str = r#"#!/bin/sh
if [ -e "$0.broken" ] && [ "$1" != --version ]; then
    echo "qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory" >&2
    exit 1
fi
exec qemu-system-x86_64 "$@"
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_does_not_start_is_told_with_a_remedy_and_starts_once_it_is_mended() {
    let tools = TempDir::new().expect("a folder");
    let emulator = tools.path().join("qemu");
    std::fs::write(&emulator, EMULATOR).expect("a script");
    let runnable = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(&emulator, runnable).expect("a program");
    let broken = tools.path().join("qemu.broken");
    std::fs::write(&broken, "").expect("a mark");
    let house = House::configured(&format!("qemu_system = \"{}\"", emulator.display())).await;
    let process = house.open().await;
    let client = process.client();

    let operation = power(&house, &client, "start").await;
    assert_eq!(operation["status"], "Failed", "{operation}");
    assert_eq!(
        operation["error"]["code"], "EngineUnavailable",
        "{operation}"
    );
    let machine = machine(&house, &client).await;
    let told = machine["problem"].as_str().unwrap_or_default();
    assert_eq!(operation["error"]["message"], told);
    for part in [
        "could not be started",
        "Cannot allocate memory",
        "vitrine doctor",
        "start the machine again",
    ] {
        assert!(told.contains(part), "{part:?} is not in {told:?}");
    }
    assert!(
        !told.contains(house.portal.folder().to_str().expect("a plain path")),
        "{told}"
    );
    assert_eq!(machine["state"], "Stopped", "{machine}");
    house
        .assert_tidy("with a broken engine", Path::new("/"))
        .await;
    house.assert_no_process("with a broken engine").await;

    std::fs::remove_file(&broken).expect("mended");
    let operation = power(&house, &client, "start").await;
    assert_eq!(operation["status"], "Succeeded", "{operation}");
    let running = self::machine(&house, &client).await;
    assert_eq!(
        (&running["state"], &running["problem"]),
        (&Value::from("Running"), &Value::Null)
    );
    let operation = power(&house, &client, "stop").await;
    assert_eq!(operation["status"], "Succeeded", "{operation}");
    house
        .assert_tidy("after a start and a stop", Path::new("/"))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emulator_that_is_not_installed_is_told_by_the_package_to_install() {
    let house = House::configured("qemu_system = \"/usr/bin/qemu-system-none\"").await;
    let process = house.open().await;
    let operation = power(&house, &process.client(), "start").await;
    let told = operation["error"]["message"].as_str().unwrap_or_default();
    assert!(
        told.contains("install the package qemu-system-x86"),
        "{operation}"
    );
    assert_eq!(machine(&house, &process.client()).await["state"], "Stopped");
}

/// Starts or stops the template VM, and answers how that ended.
async fn power(house: &House, client: &Client, verb: &str) -> Value {
    let path = format!("{}/{verb}?{VERSION}", house.machine.resource_id);
    let started = client.call("POST", &path, None).await;
    assert_eq!(started.status, 202, "{started:?}");
    client.finished(&started).await
}

async fn machine(house: &House, client: &Client) -> Value {
    let path = format!("{}?{VERSION}", house.machine.resource_id);
    client.call("GET", &path, None).await.json()["properties"].take()
}
