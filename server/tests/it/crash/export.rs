//! `kill -9` in every step of an export, between every two, and while it is undone.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tokio::task::JoinSet;

use super::house::{House, VERSION};
use super::moment::{Export, Moment, STEPS, kill_at};
use super::process::Process;

/// Exports that may pass a moment over before the test gives up.
const TRIES: usize = 12;

/// Kills the program at the moments of one export, one after the other, and starts it again each time; answers at how
/// many it was caught, and the program as it runs now.
async fn strike(
    house: &House,
    mut process: Process,
    number: usize,
    moments: &[Moment],
) -> (usize, Process) {
    for (struck, moment) in moments.iter().enumerate() {
        match kill_at(house, process, number, *moment).await {
            Ok(()) => {
                let when = format!("killed at {moment:?}");
                house.assert_no_process(&when).await;
                process = house.open().await;
            }
            Err(passed) => return (struck, passed),
        }
    }
    (moments.len(), process)
}

/// Exports until the program was killed at each of the moments. Every export must end well, and none may leave
/// anything but its image.
async fn killed_at(moments: [Moment; 2]) {
    let house = House::build().await;
    let mut process = house.open().await;
    let (mut number, mut hits) = (0, 0);
    while hits < moments.len() {
        number += 1;
        assert!(
            number <= TRIES,
            "{:?} was passed over {TRIES} times",
            moments[hits]
        );
        let (client, image) = (process.client(), image(number));
        // The answer is lost with the server where the kill comes first.
        let (_, (struck, next)) = tokio::join!(
            house.export(&client, &image),
            strike(&house, process, number, &moments[hits..])
        );
        (hits, process) = (hits + struck, next);
        Export::ended(&house, number).await;
    }
    let when = format!("killed at {moments:?}, {number} exports");
    for number in 1..=number {
        assert_export_is_whole(&house, &process, number, &when).await;
    }
    house.assert_tidy(&when, Path::new("/")).await;
    process.kill();
    house.assert_no_process(&when).await;
    println!("{when}");
}

fn image(number: usize) -> String {
    format!("bio-{number}")
}

async fn assert_export_is_whole(house: &House, process: &Process, number: usize, when: &str) {
    let export = Export::ended(house, number).await;
    let image = &image(number);
    let ended = (export.job.state.as_str(), export.rows);
    assert_eq!(
        ended,
        ("Succeeded", 2 * STEPS.len()),
        "{when}: {}",
        process.log()
    );
    let version = house.replication(&process.client(), image).await;
    let status = &version["replicationStatus"];
    let told = (&version["provisioningState"], &status["aggregatedState"]);
    assert_eq!(
        told,
        (&Value::from("Succeeded"), &Value::from("Completed")),
        "{when}: {version}"
    );

    let owner = house.portal.ctx(house.school.owner).await;
    let services = &house.portal.services;
    let version = services
        .version_get(&owner, &house.version(image))
        .await
        .expect("the version");
    let checksum = version.checksum.parse().expect("a checksum");
    let key = format!("images/{}/0-1.qcow2", version.meta.id);
    for region in ["westeurope", "northeurope"] {
        let stores = services.engine().stores();
        let verified = stores
            .verify(region, &key, &checksum, &engine::Watch::silent())
            .await;
        verified.unwrap_or_else(|error| panic!("{when}: {error}"));
        let copy = stores.local_path(region, &key).await.expect("a file");
        let compared = Command::new("qemu-img")
            .args(["compare", "-q", "-s", "-U", "-f", "qcow2", "-F", "qcow2"])
            .args([&house.template_disk(), &copy])
            .status()
            .expect("qemu-img runs");
        assert!(
            compared.success(),
            "{when}: {region} has another disk than the teacher"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_or_after_any_step_an_export_is_finished_by_the_next_start_and_nothing_is_left_over()
 {
    let mut houses = JoinSet::new();
    for step in STEPS {
        houses.spawn(killed_at([Moment::During(step), Moment::After(step)]));
    }
    while let Some(house) = houses.join_next().await {
        if let Err(error) = house {
            std::panic::resume_unwind(error.into_panic());
        }
    }
}

/// Kills the program in the midst of an export, cancels that while nothing runs, and kills the next start while it
/// undoes. Answers whether it was caught both times, and the program as it runs now.
async fn undone_twice(house: &House, process: Process, number: usize) -> (bool, Process) {
    let (client, image) = (process.client(), image(number));
    let (_, struck) = tokio::join!(
        house.export(&client, &image),
        kill_at(house, process, number, Moment::During("flatten"))
    );
    if let Err(passed) = struck {
        return (false, passed);
    }
    let ctx = house.portal.ctx(house.school.owner).await;
    let export = Export::find(house, number).await.expect("the export");
    let cancelled = house.portal.services.job_cancel(&ctx, export.job.id).await;
    cancelled.expect("a cancel");
    let process = house.open().await;
    match kill_at(house, process, number, Moment::Undoing).await {
        Ok(()) => (true, house.open().await),
        Err(passed) => (false, passed),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_while_it_is_undone_a_cancelled_export_leaves_nothing_and_its_name_is_free() {
    let house = House::build().await;
    let mut process = house.open().await;
    let (mut number, mut is_caught) = (0, false);
    while !is_caught {
        number += 1;
        assert!(number <= TRIES, "the undoing was passed over {TRIES} times");
        (is_caught, process) = undone_twice(&house, process, number).await;
        Export::ended(&house, number).await;
    }
    let export = Export::ended(&house, number).await;
    assert_eq!(export.job.state, "Canceled", "{}", process.log());
    let client = process.client();
    let path = format!("{}?{VERSION}", house.version(&image(number)));
    assert_eq!(client.call("GET", &path, None).await.status, 404);
    house
        .assert_tidy("killed while it is undone", Path::new("/"))
        .await;

    let again = house
        .export(&client, &image(number))
        .await
        .expect("an answer");
    let operation = client.finished(&again).await;
    assert_eq!(operation["status"], "Succeeded", "{operation}");
    house
        .assert_tidy("exported after all", Path::new("/"))
        .await;
    process.kill();
    house.assert_no_process("killed at the end").await;
}
