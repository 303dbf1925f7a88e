use std::os::unix::fs::{FileExt as _, MetadataExt as _};

use engine::{EngineError, RegionStoreConfig, Watch};

use crate::support::{Place, attentive, impatient, in_small_file_system};

const KEY: &str = "images/1.0.0/os-1.qcow2";

fn bytes() -> Vec<u8> {
    (0..5_000_001_u32)
        .map(|number| u8::try_from(number.wrapping_mul(2_654_435_761) >> 24).unwrap())
        .collect()
}

#[tokio::test]
async fn a_replica_is_a_real_copy_with_the_checksum_of_its_source() {
    let place = Place::new();
    let stores = place.engine.stores();
    let source = place.write("source", &bytes());
    let (watch, heard) = attentive();
    let sum = stores.put("north", KEY, &source, &watch).await.unwrap();
    assert_eq!(
        sum,
        place
            .engine
            .disks()
            .checksum(&source, &Watch::silent())
            .await
            .unwrap()
    );
    assert_eq!(heard.lock().unwrap().last().unwrap().percent(), 100);

    stores
        .copy(("north", KEY), ("south", KEY), &sum, &Watch::silent())
        .await
        .unwrap();
    let copy = stores.local_path("south", KEY).await.unwrap();
    assert!(std::fs::read(&copy).unwrap() == bytes());
    assert_eq!(
        copy.metadata().unwrap().nlink(),
        1,
        "a hard link is no replica"
    );
    stores
        .verify("south", KEY, &sum, &Watch::silent())
        .await
        .unwrap();
    assert_eq!(stores.list("south", "images").await.unwrap(), [KEY]);
}

#[tokio::test]
async fn a_copy_keeps_holes_and_everything_between_them() {
    let place = Place::new();
    let stores = place.engine.stores();
    let source = place.path("sparse");
    let file = std::fs::File::create(&source).unwrap();
    for (offset, length) in [(0, 5_000), (3 << 20, 2 << 20), (9_999_999, 70_000)] {
        file.write_all_at(&bytes()[..length], offset).unwrap();
    }
    file.set_len((40 << 20) + 1).unwrap();
    let sum = stores
        .put("north", KEY, &source, &Watch::silent())
        .await
        .unwrap();
    stores
        .copy(("north", KEY), ("south", KEY), &sum, &Watch::silent())
        .await
        .unwrap();
    let copy = stores.local_path("south", KEY).await.unwrap();
    assert!(std::fs::read(&copy).unwrap() == std::fs::read(&source).unwrap());
    let occupied_bytes = copy.metadata().unwrap().blocks() * 512;
    assert!(occupied_bytes < 4 << 20, "{occupied_bytes} bytes");
}

#[tokio::test]
async fn rot_is_found_and_never_copied() {
    let place = Place::new();
    let stores = place.engine.stores();
    let source = place.write("source", &bytes());
    let sum = stores
        .put("north", KEY, &source, &Watch::silent())
        .await
        .unwrap();
    let replica = stores.local_path("north", KEY).await.unwrap();
    std::fs::OpenOptions::new()
        .write(true)
        .open(&replica)
        .unwrap()
        .write_all_at(b"rot", 4_000_000)
        .unwrap();
    for result in [
        stores.verify("north", KEY, &sum, &Watch::silent()).await,
        stores
            .copy(("north", KEY), ("south", KEY), &sum, &Watch::silent())
            .await,
    ] {
        assert!(
            matches!(result, Err(EngineError::Corrupt { .. })),
            "{result:?}"
        );
    }
    assert_eq!(stores.list("south", "images").await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_cancelled_or_killed_copy_shows_no_half_object() {
    let place = Place::new();
    let stores = place.engine.stores();
    let source = place.write("source", &bytes());
    let error = stores
        .put("north", KEY, &source, &impatient())
        .await
        .unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error}");
    assert!(stores.local_path("north", KEY).await.is_err());

    // What a killed process leaves, seen, then overwritten, then deleted with the key.
    let half = place.path("stores/north/images/1.0.0/os-1.qcow2#0");
    std::fs::write(&half, b"half").unwrap();
    assert_eq!(stores.list("north", "images").await.unwrap(), [""; 0]);
    stores
        .put("north", KEY, &source, &Watch::silent())
        .await
        .unwrap();
    assert!(!half.exists());
    std::fs::write(&half, b"half").unwrap();
    stores.delete("north", KEY).await.unwrap();
    stores.delete("north", KEY).await.unwrap();
    assert!(!half.exists());
    assert_eq!(stores.list("north", "images").await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_staged_file_is_adopted_once() {
    let place = Place::new();
    let stores = place.engine.stores();
    let source = place.engine.staging_dir().join("flat.qcow2");
    std::fs::write(&source, bytes()).unwrap();
    stores.adopt("north", KEY, &source).await.unwrap();
    stores.adopt("north", KEY, &source).await.unwrap();
    assert!(!source.exists());
    assert!(std::fs::read(stores.local_path("north", KEY).await.unwrap()).unwrap() == bytes());
    let error = stores.adopt("south", KEY, &source).await.unwrap_err();
    assert!(matches!(error, EngineError::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn keys_and_regions_cannot_leave_their_store() {
    let place = Place::new();
    let stores = place.engine.stores();
    let source = place.write("source", b"x");
    for key in ["../escape", "a/../../escape", "/a//b", "a/./b"] {
        assert!(
            stores
                .put("north", key, &source, &Watch::silent())
                .await
                .is_err(),
            "{key}"
        );
    }
    assert!(matches!(
        stores.free_bytes("west"),
        Err(EngineError::NotFound { .. })
    ));
    assert_eq!(stores.regions().collect::<Vec<_>>(), ["north", "south"]);
    assert!(stores.free_bytes("north").unwrap() > 0);
}

#[tokio::test]
async fn a_full_store_is_named_and_left_clean() {
    let Some(small) = in_small_file_system("stores::a_full_store_is_named_and_left_clean", "2M")
    else {
        return;
    };
    let place = Place::with(|config| {
        config.regions.push(RegionStoreConfig {
            region: "tiny".into(),
            path: small.join("store"),
        });
    });
    let stores = place.engine.stores();
    let source = place.write("source", &bytes());
    let error = stores
        .put("tiny", KEY, &source, &Watch::silent())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, EngineError::NoSpace { place, needed: 5_000_001, .. } if place == "the store of tiny"),
        "{error}"
    );
    assert_eq!(stores.list("tiny", "images").await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn what_a_killed_copy_left_goes_with_the_objects_around_it() {
    let place = Place::new();
    let stores = place.engine.stores();
    let source = place.write("source", &bytes());
    stores
        .put("north", KEY, &source, &Watch::silent())
        .await
        .unwrap();
    let whole = stores.local_path("north", KEY).await.unwrap();
    let half = whole.parent().unwrap().parent().unwrap().join("2.0.0");
    std::fs::create_dir(&half).unwrap();
    std::fs::write(half.join("os-1.qcow2#0"), b"half").unwrap();

    assert_eq!(stores.list("north", "images").await.unwrap(), [KEY]);
    let children = stores.children("north", "images").await.unwrap();
    assert_eq!(children, ["1.0.0", "2.0.0"]);
    for child in children {
        let prefix = format!("images/{child}");
        stores.delete_all("north", &prefix).await.unwrap();
        stores.delete_all("north", &prefix).await.unwrap();
    }
    assert_eq!(stores.children("north", "images").await.unwrap(), [""; 0]);
    assert!(stores.delete_all("north", "").await.is_err(), "all of it");
    assert!(stores.delete_all("north", "images/..").await.is_err());
}
