//! Uploads: announced, received in parts, checked, swept.

use std::io;

use bytes::Bytes;
use chrono::TimeDelta;
use domain::image::{VersionInput, VersionSourceInput};
use domain::upload::UploadInput;
use domain::{Code, OpContext, Rule};
use futures::{Stream, stream};
use testkit::{School, TestPortal, refusal};
use uuid::Uuid;

/// SHA-256 of `abcdef`.
const ABCDEF: &str = "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721";

fn pieces(texts: &[&'static str]) -> impl Stream<Item = io::Result<Bytes>> + Send + Unpin {
    stream::iter(
        texts
            .iter()
            .map(|text| Ok(Bytes::from_static(text.as_bytes())))
            .collect::<Vec<_>>(),
    )
}

fn six_bytes(gallery: Uuid, checksum: &str) -> UploadInput {
    UploadInput {
        gallery,
        file_name: "disk.raw".to_owned(),
        size_bytes: 6,
        checksum: checksum.to_owned(),
    }
}

/// A school with an empty gallery, and its owner's request.
async fn gallery(portal: &TestPortal) -> (School, Uuid, OpContext) {
    let school = School::found(portal, "a.example").await;
    let gallery = school.new_gallery(portal, "biology").await.meta.id;
    let owner = portal.ctx(school.owner).await;
    (school, gallery, owner)
}

testkit::on_both_databases! {
    async fn an_interrupted_upload_goes_on_where_it_stopped_and_is_checked_at_the_end(portal: TestPortal) {
        let services = &portal.services;
        let (_, gallery, owner) = gallery(portal).await;
        let input = six_bytes(gallery, &ABCDEF.to_uppercase());
        let id = services.upload_create(&owner, input).await.expect("announced").id;
        let broken: [io::Result<Bytes>; 2] = [Ok(Bytes::from_static(b"abc")), Err(io::ErrorKind::ConnectionReset.into())];
        let lost = services.upload_append(&owner, id, 0, stream::iter(broken)).await;
        assert_eq!(refusal(lost).code, Code::InvalidRequest);
        assert_eq!(services.upload_get(&owner, id).await.expect("found").received_bytes, 3);

        let wrong = refusal(services.upload_append(&owner, id, 0, pieces(&["abc"])).await);
        assert_eq!(wrong.code, Code::Conflict);
        assert!(wrong.message.contains("offset 3"), "{}", wrong.message);

        let done = services.upload_append(&owner, id, 3, pieces(&["de", "f"])).await.expect("received");
        assert_eq!((done.received_bytes, done.checksum.as_deref()), (6, Some(ABCDEF)));
        let again = services.upload_append(&owner, id, 6, pieces(&[])).await.expect("repeatable");
        assert_eq!(again, services.upload_get(&owner, id).await.expect("found"));
    }

    async fn a_file_that_is_not_the_announced_one_is_thrown_away(portal: TestPortal) {
        let services = &portal.services;
        let (_, gallery, owner) = gallery(portal).await;
        let id = services.upload_create(&owner, six_bytes(gallery, ABCDEF)).await.expect("announced").id;
        let problem = refusal(services.upload_append(&owner, id, 0, pieces(&["abcdeX"])).await);
        assert_eq!(problem.details[0].code, Rule::ChecksumMismatch);
        assert_eq!(refusal(services.upload_get(&owner, id).await).code, Code::ResourceNotFound);
        assert!(portal.files().is_empty());
    }

    async fn more_than_was_announced_is_refused_and_what_fitted_stays(portal: TestPortal) {
        let services = &portal.services;
        let (_, gallery, owner) = gallery(portal).await;
        let id = services.upload_create(&owner, six_bytes(gallery, "")).await.expect("announced").id;
        let problem = refusal(services.upload_append(&owner, id, 0, pieces(&["abc", "defg"])).await);
        assert_eq!(problem.code, Code::PayloadTooLarge);
        assert_eq!(services.upload_get(&owner, id).await.expect("found").received_bytes, 3);
    }

    async fn an_upload_larger_than_the_free_space_is_refused_at_once(portal: TestPortal) {
        let services = &portal.services;
        let (_, gallery, owner) = gallery(portal).await;
        let free = services.engine().uploads_free_bytes().expect("measured");
        // Twice as much, because others may free some meanwhile.
        let input = UploadInput { size_bytes: free * 2 + 1, ..six_bytes(gallery, "") };
        let problem = refusal(services.upload_create(&owner, input).await);
        assert_eq!(problem.code, Code::InsufficientStorage);
    }

    async fn who_may_not_write_to_the_gallery_knows_of_no_upload(portal: TestPortal) {
        let services = &portal.services;
        let (school, gallery, owner) = gallery(portal).await;
        let id = services.upload_create(&owner, six_bytes(gallery, "")).await.expect("announced").id;
        let reader = portal.ctx(school.reader).await;
        let announced = services.upload_create(&reader, six_bytes(gallery, "")).await;
        assert_eq!(refusal(announced).code, Code::AuthorizationFailed);
        assert_eq!(refusal(services.upload_get(&reader, id).await).code, Code::ResourceNotFound);
        assert_eq!(refusal(services.upload_delete(&reader, id).await).code, Code::ResourceNotFound);
        services.upload_delete(&owner, id).await.expect("deleted");
        assert_eq!(refusal(services.upload_get(&owner, id).await).code, Code::ResourceNotFound);
    }

    async fn a_sweep_removes_files_without_an_upload_and_keeps_the_others(portal: TestPortal) {
        let services = &portal.services;
        let (_, gallery, owner) = gallery(portal).await;
        let id = services.upload_create(&owner, six_bytes(gallery, "")).await.expect("announced").id;
        services.upload_append(&owner, id, 0, pieces(&["abc"])).await.expect("received");
        let stray = services.engine().uploads_dir().join(format!("{}.part", Uuid::from_u128(9)));
        std::fs::write(&stray, b"lost").expect("written");
        services.sweep().await;
        assert!(!stray.exists());
        assert_eq!(services.upload_get(&owner, id).await.expect("found").received_bytes, 3);
    }

    async fn an_upload_that_nobody_finished_goes_with_its_file_after_a_day(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let gallery = school.open_plan(portal).await;
        let services = &portal.services;
        let ctx = portal.ctx(school.owner).await;
        let gallery = services.gallery_get(&ctx, &gallery).await.expect("a gallery").meta.id;
        let old = services.upload_create(&ctx, six_bytes(gallery, "")).await.expect("announced").id;
        services.upload_append(&ctx, old, 0, pieces(&["abc"])).await.expect("received");
        portal.clock.advance(TimeDelta::hours(23));
        let ctx = portal.ctx(school.owner).await;
        let young = services.upload_create(&ctx, six_bytes(gallery, "")).await.expect("announced").id;
        services.upload_append(&ctx, young, 0, pieces(&["abc"])).await.expect("received");
        services.sweep().await;
        assert_eq!(services.upload_get(&ctx, old).await.expect("not a day old").received_bytes, 3);

        portal.clock.advance(TimeDelta::hours(2));
        let ctx = portal.ctx(school.owner).await;
        for _ in 0..2 {
            services.sweep().await;
            assert_eq!(refusal(services.upload_get(&ctx, old).await).code, Code::ResourceNotFound);
            assert_eq!(services.upload_get(&ctx, young).await.expect("kept").received_bytes, 3);
            let left = std::fs::read_dir(services.engine().uploads_dir()).expect("a folder").count();
            assert_eq!(left, 1);
        }
        services.upload_append(&ctx, young, 3, pieces(&["def"])).await.expect("it goes on");
    }

    async fn an_upload_that_a_version_is_made_of_is_kept_however_long_that_takes(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", domain::image::OsState::Specialized, &[1]).await;
        let services = &portal.services;
        let ctx = portal.ctx(school.owner).await;
        let gallery = services.gallery_get(&ctx, school.gallery("images")).await.expect("a gallery").meta.id;
        let disk = portal.folder().join("late.qcow2");
        testkit::blank_disk(&disk, 1);
        let bytes = std::fs::read(&disk).expect("a disk");
        std::fs::remove_file(&disk).expect("removed");
        let input = UploadInput { file_name: "late.qcow2".to_owned(), size_bytes: bytes.len() as u64, ..six_bytes(gallery, "") };
        let upload = services.upload_create(&ctx, input).await.expect("announced").id;
        let whole = stream::iter([Ok(Bytes::from(bytes))]);
        services.upload_append(&ctx, upload, 0, whole).await.expect("received");
        let input = VersionInput {
            location: "westeurope".to_owned(),
            source: VersionSourceInput::Uploads { uploads: vec![upload] },
            targets: Vec::new(),
            exclude_from_latest: false,
            end_of_life: None,
            tags: std::collections::BTreeMap::new(),
        };
        let id = school.gallery("images").child("images", "base").child("versions", "2.0.0");
        let started = services.version_create(&ctx, &id, input).await.expect("begun");
        // No worker has taken it up in all that time.
        portal.clock.advance(TimeDelta::days(3));
        services.sweep().await;
        let ctx = portal.ctx(school.owner).await;
        services.upload_get(&ctx, upload).await.expect("kept");
        portal.succeed(&started.job, &ctx).await;
        assert_eq!(refusal(services.upload_get(&ctx, upload).await).code, Code::ResourceNotFound);
    }
}
