//! What copies cost is counted from when they are ready to when they go. Rules A62-A65.

use chrono::TimeDelta;
use domain::image::{OsState, TargetRegion, VersionUpdate};
use domain::tenant::Precondition;
use domain::{Code, ResourceId};
use testkit::{School, refusal};

testkit::on_both_databases! {
    async fn rules_a62_to_a65_every_copy_is_paid_while_it_is_kept_and_one_transfer_for_each_further_region(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        // The clock begins on 1 September: the version is kept from the month's ninth hour on.
        let version = school.import(portal, "base", OsState::Specialized, &[1]).await;
        let ctx = portal.ctx(school.owner).await;
        let targets = ["westeurope", "northeurope", "eastus"].map(|region| TargetRegion::new(region, 2));
        let update = |targets: Vec<TargetRegion>| VersionUpdate { targets: Some(targets), ..VersionUpdate::default() };
        let changed = portal.services.version_update(&ctx, version.meta.id, update(targets.to_vec()), Precondition::None);
        portal.succeed(&changed.await.expect("changed").job.expect("a job"), &ctx).await;
        let occupied = version.occupied_bytes;

        // A whole month: six copies. Two transfers were in September.
        portal.clock.advance(TimeDelta::days(61));
        let ctx = portal.ctx(school.owner).await;
        let report = async |scope: &ResourceId| portal.services.cost_report(&ctx, scope, 3).await.expect("a report");
        let gallery = school.gallery("images");
        let months = report(&gallery).await.months;
        assert_eq!(months[0].sent_bytes, 2 * occupied);
        assert_eq!((months[1].kept_bytes, months[1].sent_bytes), (6 * occupied, 0));
        for scope in [&school.group, &version.meta.resource_id] {
            assert_eq!(report(scope).await.months, months, "{scope}");
        }
        assert_eq!(report(&gallery).await.lines.iter().filter(|line| line.cost.month == months[1].month).count(), 3);

        // Copies that go are paid no longer, and what was paid stays on the books when the version is gone.
        let changed = portal.services.version_update(&ctx, version.meta.id, update(vec![TargetRegion::new("westeurope", 1)]), Precondition::None);
        portal.succeed(&changed.await.expect("changed").job.expect("a job"), &ctx).await;
        portal.clock.advance(TimeDelta::days(31));
        let ctx = portal.ctx(school.owner).await;
        let job = portal.services.version_delete(&ctx, version.meta.id, Precondition::None).await.expect("begun").expect("a job");
        portal.succeed(&job, &ctx).await;
        portal.clock.advance(TimeDelta::days(31));
        let ctx = portal.ctx(school.owner).await;
        let months = portal.services.cost_report(&ctx, &gallery, 5).await.expect("a report").months;
        let kept: Vec<u64> = months.iter().map(|month| month.kept_bytes).collect();
        assert!(kept[2] < 2 * occupied && kept[2] >= occupied, "{kept:?} of {occupied}");
        assert!(kept[3] < occupied && kept[4] == 0, "{kept:?} of {occupied}");
    }

    async fn nobody_reads_what_another_organisation_pays(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        let other = School::found(portal, "b.example").await;
        let stranger = portal.ctx(other.owner).await;
        for scope in [school.gallery("images"), school.group.clone()] {
            assert_eq!(refusal(portal.services.cost_report(&stranger, &scope, 1).await).code, Code::ResourceNotFound);
        }
    }
}
