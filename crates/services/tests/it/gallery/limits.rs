//! Limits of a subscription and region: many creators at once never pass one, and none of them fails otherwise.
//! Rules A38-A40, A43.

use std::fmt::Debug;

use domain::gallery::GalleryInput;
use domain::image::{ImageInput, OsState, VersionInput, VersionSourceInput};
use domain::tenant::Precondition;
use domain::{Code, OpContext};
use futures::future::join_all;
use services::Error;
use testkit::{School, TestPortal};

/// As many creators begin at once.
const CREATORS: usize = 64;

/// Checks that as many were made as were free, and all others were told of the limit.
fn judge<T: Debug>(results: Vec<Result<T, Error>>, free: usize) {
    let mut made = 0;
    for result in results {
        match result {
            Ok(_) => made += 1,
            Err(Error::Problem(problem)) => {
                assert_eq!(problem.code, Code::QuotaExceeded, "{}", problem.message);
            }
            Err(other) => panic!("a creator failed: {other:?}"),
        }
    }
    assert_eq!(made, free);
}

async fn used(portal: &TestPortal, ctx: &OpContext, school: &School) -> Vec<(String, u64, u64)> {
    let subscription = school.group.subscription().expect("a subscription");
    let usages = portal
        .services
        .usage_list(ctx, subscription, "westeurope")
        .await
        .expect("the usage");
    let row = |usage: domain::gallery::Usage| (usage.name, usage.used, usage.limit);
    usages.into_iter().map(row).collect()
}

/// The same portal, with smaller limits.
async fn limited(
    portal: &TestPortal,
    change: impl FnOnce(&mut services::Limits),
) -> services::Services {
    portal
        .with_settings(|settings| change(&mut settings.limits))
        .await
}

testkit::on_both_databases! {
    async fn rule_a38_sixty_four_creators_never_make_one_gallery_too_many(portal: TestPortal) {
        let services = limited(portal, |limits| limits.galleries = 10).await;
        let school = School::found(portal, "a.example").await;
        let ctx = portal.ctx(school.owner).await;
        let creators = (0..CREATORS).map(|n| {
            let (services, ctx, id) = (services.clone(), ctx.clone(), school.gallery(&format!("g{n}")));
            let input = GalleryInput { location: "westeurope".to_owned(), ..GalleryInput::default() };
            async move { services.gallery_put(&ctx, &id, input, Precondition::MustNotExist).await }
        });
        judge(join_all(creators).await, 10);
        assert_eq!(used(portal, &ctx, &school).await[0].1, 10);
        // Another region has a limit of its own.
        let input = GalleryInput { location: "northeurope".to_owned(), ..GalleryInput::default() };
        services.gallery_put(&ctx, &school.gallery("north"), input, Precondition::None).await.expect("room there");
    }

    async fn rule_a39_sixty_four_creators_never_make_one_definition_too_many(portal: TestPortal) {
        let services = limited(portal, |limits| limits.images = 10).await;
        let school = School::found(portal, "a.example").await;
        school.new_gallery(portal, "images").await;
        let ctx = portal.ctx(school.owner).await;
        let creators = (0..CREATORS).map(|n| {
            let id = school.gallery("images").child("images", &format!("i{n}"));
            let input = ImageInput {
                location: "westeurope".to_owned(),
                publisher: "school".to_owned(),
                offer: "labs".to_owned(),
                sku: format!("i{n}"),
                ..ImageInput::default()
            };
            let (services, ctx) = (services.clone(), ctx.clone());
            async move { services.image_put(&ctx, &id, input, Precondition::MustNotExist).await }
        });
        judge(join_all(creators).await, 10);
        assert_eq!(used(portal, &ctx, &school).await[1].1, 10);
    }

    async fn rule_a40_sixty_four_creators_never_make_one_version_too_many(portal: TestPortal) {
        let services = limited(portal, |limits| limits.versions = 11).await;
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        let first = school.import(portal, "base", OsState::Specialized, &[1]).await;
        let ctx = portal.ctx(school.owner).await;
        let creators = (0..CREATORS).map(|n| {
            let id = school.gallery("images").child("images", "base").child("versions", &format!("2.0.{n}"));
            let input = VersionInput {
                location: "westeurope".to_owned(),
                source: VersionSourceInput::Version { resource_id: first.meta.resource_id.to_string() },
                targets: Vec::new(),
                exclude_from_latest: false,
                end_of_life: None,
                tags: Default::default(),
            };
            let (services, ctx) = (services.clone(), ctx.clone());
            async move { services.version_create(&ctx, &id, input).await }
        });
        judge(join_all(creators).await, 10);
        let expected = [("galleries", 1, 100), ("images", 1, 1000), ("versions", 11, 10_000)];
        let expected: Vec<_> = expected.map(|(name, used, limit)| (name.to_owned(), used, limit)).into();
        assert_eq!(used(portal, &ctx, &school).await, expected);
    }
}
