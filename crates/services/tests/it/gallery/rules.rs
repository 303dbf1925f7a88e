//! What of galleries, definitions and versions may change, and what is refused with what to do instead.

use domain::gallery::{GalleryInput, GalleryUpdate};
use domain::image::{ImageInput, OsState, TargetRegion, VersionUpdate};
use domain::tenant::Precondition;
use domain::{Code, Problem, Rule};
use testkit::{School, refusal};

fn fields(problem: &Problem) -> Vec<(Rule, &str)> {
    let rows = problem.details.iter();
    rows.map(|row| (row.code, row.target.as_str())).collect()
}

testkit::on_both_databases! {
    async fn rule_a66_a_gallery_keeps_its_place_in_put_and_patch(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, ctx) = (&portal.services, portal.ctx(school.owner).await);
        let id = school.new_gallery(portal, "images").await.meta.resource_id;
        let input = GalleryInput { location: "eastus".to_owned(), ..GalleryInput::default() };
        let problem = refusal(services.gallery_put(&ctx, &id, input, Precondition::None).await);
        assert_eq!(fields(&problem), [(Rule::NotUpdatable, "location")]);
        let update = GalleryUpdate { location: Some("eastus".to_owned()), ..GalleryUpdate::default() };
        let problem = refusal(services.gallery_update(&ctx, &id, update, Precondition::None).await);
        assert_eq!(fields(&problem), [(Rule::NotUpdatable, "location")]);
        let update = GalleryUpdate {
            location: Some("West Europe".to_owned()),
            description: Some("For biology".to_owned()),
            ..GalleryUpdate::default()
        };
        let changed = services.gallery_update(&ctx, &id, update, Precondition::None).await.expect("unchanged is no change");
        assert_eq!(changed.description, "For biology");
    }

    async fn rule_a67_a_definition_keeps_what_decides_its_versions(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, ctx) = (&portal.services, portal.ctx(school.owner).await);
        let gallery = school.new_gallery(portal, "images").await;
        let image = school.new_image(portal, &gallery, "cells").await;
        let put = |input: ImageInput| services.image_put(&ctx, &image.meta.resource_id, input, Precondition::None);
        let stored = image.properties.clone();
        let changed = ImageInput { os_state: OsState::Generalized, offer: "other".to_owned(), eula: "https://a.example".to_owned(), ..stored.clone() };
        let problem = refusal(put(changed).await);
        let expected = [(Rule::NotUpdatable, "osState"), (Rule::NotUpdatable, "offer"), (Rule::NotUpdatable, "eula")];
        assert_eq!(fields(&problem), expected);
        let allowed = ImageInput { description: "Cells".to_owned(), end_of_life: Some(ctx.now), ..stored };
        put(allowed).await.expect("description and end of life may change");
    }

    async fn rule_a68_a_version_keeps_its_place_and_its_source(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        let version = school.import(portal, "base", OsState::Specialized, &[1]).await;
        let (services, ctx) = (&portal.services, portal.ctx(school.owner).await);
        let put = |update: VersionUpdate| services.version_update(&ctx, version.meta.id, update, Precondition::None);
        let elsewhere = VersionUpdate {
            location: Some("eastus".to_owned()),
            source: Some("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/other".to_owned()),
            ..VersionUpdate::default()
        };
        let problem = refusal(put(elsewhere).await);
        let expected = [(Rule::NotUpdatable, "location"), (Rule::NotUpdatable, "storageProfile.source")];
        assert_eq!(fields(&problem), expected);
        let allowed = VersionUpdate {
            location: Some("West Europe".to_owned()),
            exclude_from_latest: Some(true),
            end_of_life: Some(Some(ctx.now)),
            ..VersionUpdate::default()
        };
        assert!(put(allowed).await.expect("these may change").value.exclude_from_latest);
    }

    async fn what_something_depends_on_is_not_deleted_and_the_refusal_names_it(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Specialized, &[1]).await;
        let (services, ctx) = (&portal.services, portal.ctx(school.owner).await);
        let gallery = school.gallery("images");
        let refused = refusal(services.gallery_delete(&ctx, &gallery, Precondition::None).await);
        assert_eq!(refused.code, Code::ResourceInUse);
        assert!(refused.message.contains("base"), "{}", refused.message);
        let refused = refusal(services.image_delete(&ctx, gallery.child("images", "base"), Precondition::None).await);
        assert_eq!(refused.code, Code::ResourceInUse);
        assert!(refused.message.contains("1.0.0"), "{}", refused.message);
    }

    async fn rule_a37_a_restricted_region_takes_those_on_its_list_alone(portal: TestPortal) {
        let (listed, other) = (School::found(portal, "a.example").await, School::found(portal, "b.example").await);
        let services = portal.with_settings(|settings| {
            let mut regions = settings.regions.0.iter_mut();
            let east = regions.find(|region| region.name == "eastus").expect("a region");
            east.only_for = vec![listed.tenant];
        }).await;
        let put = async |school: &School| {
            let ctx = portal.ctx(school.owner).await;
            let input = GalleryInput { location: "eastus".to_owned(), ..GalleryInput::default() };
            services.gallery_put(&ctx, &school.gallery("east"), input, Precondition::None).await
        };
        put(&listed).await.expect("a gallery in the restricted region");
        let problem = refusal(put(&other).await);
        assert_eq!(fields(&problem), [(Rule::RegionRestricted, "location")]);

        other.open_plan(portal).await;
        let version = other.import(portal, "base", OsState::Specialized, &[1]).await;
        let ctx = portal.ctx(other.owner).await;
        let targets = ["westeurope", "eastus"].map(|region| TargetRegion::new(region, 1)).to_vec();
        let update = VersionUpdate { targets: Some(targets), ..VersionUpdate::default() };
        let problem = refusal(services.version_update(&ctx, version.meta.id, update, Precondition::None).await);
        assert_eq!(fields(&problem), [(Rule::RegionRestricted, "targetRegions")]);
    }

    async fn rules_a75_and_a77_a_gallery_is_not_moved_and_the_refusal_says_what_to_do(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.new_gallery(portal, "images").await;
        let ctx = portal.ctx(school.owner).await;
        let gallery = school.gallery("images").to_string();
        let refused = portal.services.resource_move(&ctx, &school.group, std::slice::from_ref(&gallery)).await;
        let problem = refusal(refused);
        assert_eq!((problem.code, problem.target.as_deref()), (Code::Conflict, Some(gallery.as_str())));
        for word in ["copy", "replicate", "roles"] {
            assert!(problem.message.contains(word), "{}", problem.message);
        }
        let reader = portal.ctx(school.reader).await;
        let refused = portal.services.resource_move(&reader, &school.group, &[gallery]).await;
        assert_eq!(refusal(refused).code, Code::AuthorizationFailed);
    }

    async fn rule_a76_a_region_of_another_cloud_is_no_region_here(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        let version = school.import(portal, "base", OsState::Specialized, &[1]).await;
        let ctx = portal.ctx(school.owner).await;
        let targets = ["westeurope", "chinaeast2"].map(|region| TargetRegion::new(region, 1)).to_vec();
        let update = VersionUpdate { targets: Some(targets), ..VersionUpdate::default() };
        let problem = refusal(portal.services.version_update(&ctx, version.meta.id, update, Precondition::None).await);
        assert_eq!(fields(&problem), [(Rule::OtherCloud, "targetRegions")]);
        assert!(problem.details[0].sentence().contains("upload"), "{}", problem.details[0].sentence());
    }
}
