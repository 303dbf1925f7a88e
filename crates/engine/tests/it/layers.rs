use std::path::PathBuf;

use engine::{DiskFormat, EngineError, Watch};

use crate::support::{Place, attentive, impatient, in_small_file_system, names, run, text};

const MIB: u64 = 1 << 20;

/// A base of 64 MiB with data, and a layer over it with other data at 32 MiB.
async fn chain(place: &Place) -> (PathBuf, PathBuf) {
    let (base, layer) = (place.path("base.qcow2"), place.path("layer.qcow2"));
    run(
        "qemu-img",
        &["create", "-q", "-f", "qcow2", text(&base), "64M"],
    );
    run(
        "qemu-io",
        &["-f", "qcow2", "-c", "write -P 1 0 20M", text(&base)],
    );
    place
        .engine
        .disks()
        .overlay_create(&base, &layer)
        .await
        .unwrap();
    run(
        "qemu-io",
        &["-f", "qcow2", "-c", "write -P 2 32M 4M", text(&layer)],
    );
    (base, layer)
}

#[tokio::test]
async fn a_flattened_chain_is_one_disk_with_the_same_bytes_and_holes() {
    let place = Place::new();
    let (_, layer) = chain(&place).await;
    let target = place.engine.staging_dir().join("flat.qcow2");
    let (watch, heard) = attentive();
    let facts = place
        .engine
        .disks()
        .flatten(&layer, &target, &watch)
        .await
        .unwrap();
    assert_eq!(
        (facts.format, facts.virtual_bytes),
        (DiskFormat::Qcow2, 64 * MIB)
    );
    assert!(
        (24 * MIB..26 * MIB).contains(&facts.actual_bytes),
        "{facts:?}"
    );
    run(
        "qemu-img",
        &[
            "compare",
            "-f",
            "qcow2",
            "-F",
            "qcow2",
            text(&layer),
            text(&target),
        ],
    );
    place.engine.disks().check(&target).await.unwrap();
    // It stands alone: the same comparison against the bytes, without the base.
    std::fs::remove_file(place.path("base.qcow2")).unwrap();
    run(
        "qemu-io",
        &[
            "-f",
            "qcow2",
            "-c",
            "read -P 1 0 20M",
            "-c",
            "read -P 2 32M 4M",
            text(&target),
        ],
    );
    let last = heard.lock().unwrap().last().copied().unwrap();
    assert_eq!(last.percent(), 100);
}

#[tokio::test]
async fn a_cancelled_flatten_leaves_nothing() {
    let place = Place::new();
    let (_, layer) = chain(&place).await;
    let target = place.engine.staging_dir().join("flat.qcow2");
    let error = place
        .engine
        .disks()
        .flatten(&layer, &target, &impatient())
        .await
        .unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error}");
    assert_eq!(names(&place.engine.staging_dir()), [""; 0]);
}

#[tokio::test]
async fn what_a_killed_flatten_left_does_not_hinder_the_next() {
    let place = Place::new();
    let (_, layer) = chain(&place).await;
    let target = place.engine.staging_dir().join("flat.qcow2");
    std::fs::write(
        place.engine.staging_dir().join("flat.qcow2.partial"),
        b"half",
    )
    .unwrap();
    place
        .engine
        .disks()
        .flatten(&layer, &target, &Watch::silent())
        .await
        .unwrap();
    assert_eq!(names(&place.engine.staging_dir()), ["flat.qcow2"]);
}

#[tokio::test]
async fn a_layer_is_made_once_and_never_over_another_disk() {
    let place = Place::new();
    let (base, layer) = chain(&place).await;
    let before = std::fs::read(&layer).unwrap();
    place
        .engine
        .disks()
        .overlay_create(&base, &layer)
        .await
        .unwrap();
    assert!(
        before == std::fs::read(&layer).unwrap(),
        "a repeated step keeps what was written since"
    );
    let other = place.path("other.qcow2");
    run(
        "qemu-img",
        &["create", "-q", "-f", "qcow2", text(&other), "64M"],
    );
    let error = place
        .engine
        .disks()
        .overlay_create(&other, &layer)
        .await
        .unwrap_err();
    assert!(matches!(error, EngineError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn a_full_disk_ends_a_flatten_cleanly() {
    let Some(small) = in_small_file_system("layers::a_full_disk_ends_a_flatten_cleanly", "12M")
    else {
        return;
    };
    let place = Place::new();
    let (_, layer) = chain(&place).await;
    let target = small.join("flat.qcow2");
    let error = place
        .engine
        .disks()
        .flatten(&layer, &target, &Watch::silent())
        .await
        .unwrap_err();
    assert!(
        matches!(error, EngineError::NoSpace { needed, .. } if needed > 24 * MIB),
        "{error}"
    );
    assert_eq!(names(&small), [""; 0]);
}

#[tokio::test]
async fn a_disk_that_fills_up_on_the_way_ends_a_layer_cleanly() {
    let test = "layers::a_disk_that_fills_up_on_the_way_ends_a_layer_cleanly";
    let Some(small) = in_small_file_system(test, "100k") else {
        return;
    };
    let place = Place::new();
    let (base, _) = chain(&place).await;
    let error = place
        .engine
        .disks()
        .overlay_create(&base, &small.join("layer.qcow2"))
        .await
        .unwrap_err();
    assert!(matches!(error, EngineError::NoSpace { .. }), "{error}");
    assert_eq!(names(&small), [""; 0]);
}
