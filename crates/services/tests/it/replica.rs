//! Copies of a version in regions, and a region that can't have one.

use std::collections::BTreeMap;

use domain::image::{
    ImageInput, OsState, ReplicaState, TargetRegion, VersionInput, VersionSourceInput,
    VersionState, VersionUpdate, VersionView,
};
use domain::job::JobState;
use domain::tenant::Precondition;
use domain::{OpContext, ResourceId};
use services::Started;
use testkit::{School, TestPortal};

fn twice(regions: &[&str]) -> Vec<TargetRegion> {
    let target = |region: &&str| TargetRegion::new((*region).to_owned(), 2);
    regions.iter().map(target).collect()
}

/// Begins version 1.0.0 of an image from the template VM of a new lab, with two copies in each of the regions.
async fn begin(
    portal: &TestPortal,
    school: &School,
    regions: &[&str],
) -> (OpContext, ResourceId, Started<VersionView>) {
    school.open_plan(portal).await;
    school
        .import(portal, "base", OsState::Specialized, &[1])
        .await;
    let lab = school
        .lab_from(portal, school.owner, "biology", "base")
        .await;
    let ctx = portal.ctx(school.owner).await;
    let image = school.gallery("images").child("images", "own");
    let properties = ImageInput {
        location: "westeurope".to_owned(),
        os_state: OsState::Specialized,
        publisher: "school".to_owned(),
        offer: "labs".to_owned(),
        sku: "own".to_owned(),
        ..ImageInput::default()
    };
    portal
        .services
        .image_put(&ctx, &image, properties, Precondition::None)
        .await
        .expect("a definition");
    let id = image.child("versions", "1.0.0");
    let input = VersionInput {
        location: "westeurope".to_owned(),
        source: VersionSourceInput::VirtualMachine {
            resource_id: lab.template.expect("a template VM").resource_id.to_string(),
        },
        targets: twice(regions),
        exclude_from_latest: false,
        end_of_life: None,
        tags: BTreeMap::new(),
    };
    let started = portal
        .services
        .version_create(&ctx, &id, input)
        .await
        .expect("a version is begun");
    (ctx, id, started)
}

testkit::on_both_databases! {
    async fn rule_a46_a_new_version_has_every_copy_that_was_asked_for_in_its_source_region_too(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (ctx, id, started) = begin(portal, &school, &["westeurope", "northeurope"]).await;
        portal.succeed(&started.job, &ctx).await;
        let version = portal.services.version_get(&ctx, &id).await.expect("the version");
        let ready: Vec<(&str, u32)> = version.regions.iter().map(|r| (r.region.as_str(), r.ready)).collect();
        assert_eq!(ready, [("northeurope", 2), ("westeurope", 2)]);
        let checksum = version.checksum.parse().expect("a checksum");
        for (region, copy) in [("westeurope", 1), ("westeurope", 2), ("northeurope", 1), ("northeurope", 2)] {
            let key = format!("images/{}/0-{copy}.qcow2", version.meta.id);
            let stores = portal.services.engine().stores();
            stores.verify(region, &key, &checksum, &engine::Watch::silent()).await.expect("a whole copy");
        }
    }

    async fn rule_a55_a_region_that_can_not_have_a_copy_costs_no_other_region_its_own(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (ctx, id, started) = begin(portal, &school, &["westeurope", "northeurope", "eastus"]).await;
        // No folder can be made where a file is.
        let broken = portal.folder().join("stores/northeurope/images");
        std::fs::write(&broken, "").expect("a file in the way");
        let job = portal.finish(&started.job, &ctx).await;
        assert_eq!((job.state, job.result.as_deref()), (JobState::Failed, Some(id.as_str())));
        let problem = job.problem.expect("a problem");
        assert_eq!(problem.target.as_deref(), Some("northeurope"));
        assert!(problem.message.starts_with("The copy to northeurope failed."), "{}", problem.message);
        let steps = |state| job.steps.iter().filter(move |step| step.state == state).map(|step| step.name.as_str());
        assert_eq!(steps(JobState::Failed).collect::<Vec<_>>(), ["replicate:northeurope"]);
        assert_eq!(steps(JobState::Succeeded).count(), job.steps.len() - 1);
        let version = portal.services.version_get(&ctx, &id).await.expect("the version");
        assert_eq!((version.state, version.job), (VersionState::Succeeded, None));
        let states: Vec<_> = version.regions.iter().map(|r| (r.region.as_str(), r.state, r.ready)).collect();
        let expected = [("eastus", ReplicaState::Ready, 2), ("northeurope", ReplicaState::Failed, 0), ("westeurope", ReplicaState::Ready, 2)];
        assert_eq!(states, expected);

        std::fs::remove_file(&broken).expect("the way is free");
        let update = VersionUpdate {
            targets: Some(twice(&["westeurope", "northeurope", "eastus"])),
            ..VersionUpdate::default()
        };
        let updated = portal.services.version_update(&ctx, &id, update, Precondition::None).await.expect("asked again");
        portal.succeed(&updated.job.expect("a job"), &ctx).await;
        assert!(updated.value.regions.len() == 3);
        let version = portal.services.version_get(&ctx, &id).await.expect("the version");
        assert!(version.regions.iter().all(|r| r.ready == 2), "{:?}", version.regions);
    }
}
