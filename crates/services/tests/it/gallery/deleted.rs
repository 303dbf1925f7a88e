//! Versions that are deleted in a gallery that keeps them for a while.

use chrono::TimeDelta;
use domain::gallery::{GalleryUpdate, SoftDelete};
use domain::image::{OsState, VersionInput, VersionSourceInput, VersionView};
use domain::tenant::Precondition;
use domain::{Code, OpContext, PageRequest, ResourceId};
use testkit::{School, TestPortal, refusal};

/// A version in a gallery that keeps deleted versions, and who owns it.
async fn kept(portal: &TestPortal) -> (School, OpContext, VersionView) {
    let school = School::found(portal, "a.example").await;
    school.open_plan(portal).await;
    let version = school
        .import(portal, "base", OsState::Specialized, &[1])
        .await;
    let ctx = portal.ctx(school.owner).await;
    let update = GalleryUpdate {
        soft_delete: Some(SoftDelete {
            enabled: true,
            retention_days: None,
        }),
        ..GalleryUpdate::default()
    };
    let gallery = portal
        .services
        .gallery_update(&ctx, school.gallery("images"), update, Precondition::None)
        .await
        .expect("changed");
    assert!(gallery.soft_delete.enabled);
    (school, ctx, version)
}

fn image(version: &VersionView) -> ResourceId {
    let image = version.meta.resource_id.parent();
    image.expect("a version lies in a definition")
}

async fn delete(portal: &TestPortal, ctx: &OpContext, version: &VersionView) {
    let deleted = portal
        .services
        .version_delete(ctx, version.meta.id, Precondition::None)
        .await;
    assert!(
        deleted.expect("deleted").is_none(),
        "nothing is removed yet"
    );
}

testkit::on_both_databases! {
    async fn a_deleted_version_is_hidden_everywhere_keeps_its_copies_and_comes_back(portal: TestPortal) {
        let (school, ctx, version) = kept(portal).await;
        let (services, all) = (&portal.services, PageRequest::default());
        let files = portal.files();
        delete(portal, &ctx, &version).await;
        assert_eq!(portal.files(), files);
        let id = &version.meta.resource_id;
        assert_eq!(refusal(services.version_get(&ctx, id).await).code, Code::ResourceNotFound);
        assert_eq!(refusal(services.version_get(&ctx, version.meta.id).await).code, Code::ResourceNotFound);
        let listed = services.version_list(&ctx, image(&version), &all).await.expect("a list");
        assert_eq!(listed.total, 0);
        let definition = services.image_get(&ctx, image(&version)).await.expect("the definition");
        assert_eq!((definition.latest, definition.version_count, definition.deleted_count), (None, 0, 1));
        let catalog = services.catalog(&ctx, school.plan("science")).await.expect("the catalog");
        assert!(catalog.images.is_empty(), "{:?}", catalog.images);
        let deleted = services.version_list_deleted(&ctx, image(&version), &all).await.expect("a list").items;
        let until = deleted[0].deleted.expect("when it was deleted");
        assert_eq!((until.at, until.purge_at - until.at), (ctx.now, TimeDelta::days(7)));

        // Its number stays taken, and who deletes the definition is told why that can't be.
        let input = VersionInput {
            location: "westeurope".to_owned(),
            source: VersionSourceInput::Version { resource_id: id.to_string() },
            targets: Vec::new(),
            exclude_from_latest: false,
            end_of_life: None,
            tags: Default::default(),
        };
        assert_eq!(refusal(services.version_create(&ctx, id, input).await).code, Code::ResourceNotFound);
        let refused = refusal(services.image_delete(&ctx, image(&version), Precondition::None).await);
        assert_eq!(refused.code, Code::ResourceInUse);
        assert!(refused.message.contains("1.0.0"), "{}", refused.message);

        let restored = services.version_restore(&ctx, id, None).await.expect("restored").expect("a version");
        assert_eq!((restored.meta.id, restored.deleted), (version.meta.id, None));
        let definition = services.image_get(&ctx, image(&version)).await.expect("the definition");
        assert_eq!(definition.latest, Some(version.version));
        assert!(services.version_restore(&ctx, id, None).await.expect("an answer").is_none());
    }

    async fn a_deleted_version_goes_for_good_when_its_time_has_come(portal: TestPortal) {
        let (_, ctx, version) = kept(portal).await;
        delete(portal, &ctx, &version).await;
        portal.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
        portal.services.sweep().await;
        let jobs = async || portal.services.job_list(&ctx, Some(&version.meta.resource_id), true).await.expect("jobs");
        assert!(jobs().await.is_empty());
        portal.clock.advance(TimeDelta::seconds(1));
        portal.services.sweep().await;
        let begun = jobs().await;
        assert_eq!(begun.len(), 1);
        portal.succeed(&begun[0], &ctx).await;
        assert!(portal.files().iter().all(|file| !file.to_string_lossy().contains("/images/")));
        portal.services.image_delete(&ctx, image(&version), Precondition::None).await.expect("the definition goes");
    }

    async fn who_may_not_create_versions_may_not_restore_any_and_no_stranger_learns_of_them(portal: TestPortal) {
        let (school, ctx, version) = kept(portal).await;
        delete(portal, &ctx, &version).await;
        let id = &version.meta.resource_id;
        let reader = portal.ctx(school.reader).await;
        assert_eq!(refusal(portal.services.version_restore(&reader, id, None).await).code, Code::AuthorizationFailed);
        assert_eq!(refusal(portal.services.version_purge(&reader, id).await).code, Code::AuthorizationFailed);
        let other = School::found(portal, "b.example").await;
        let stranger = portal.ctx(other.owner).await;
        let list = portal.services.version_list_deleted(&stranger, image(&version), &PageRequest::default()).await;
        assert_eq!(refusal(list).code, Code::ResourceNotFound);
        assert_eq!(refusal(portal.services.version_restore(&stranger, id, None).await).code, Code::ResourceNotFound);
        let job = portal.services.version_purge(&ctx, id).await.expect("begun");
        portal.succeed(&job, &ctx).await;
    }

    async fn a_version_that_machines_need_is_not_even_hidden(portal: TestPortal) {
        let (school, ctx, version) = kept(portal).await;
        school.lab_from(portal, school.teacher, "biology", "base").await;
        let refused = refusal(portal.services.version_delete(&ctx, version.meta.id, Precondition::None).await);
        assert_eq!(refused.code, Code::ResourceInUse);
        assert!(refused.message.contains("biology"), "{}", refused.message);
    }
}
