//! Kinds of stores, machines spread over copies, and copies that machines need. Rules A44, A46, A50, A52.

use domain::image::{OsState, StorageType, TargetRegion, VersionUpdate, VersionView};
use domain::tenant::Precondition;
use domain::{Code, OpContext, Rule};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use store::entity::{machine, replica};
use testkit::{School, TestPortal, refusal};

fn wish(region: &str, replicas: u32, storage: StorageType) -> TargetRegion {
    TargetRegion {
        storage: Some(storage),
        ..TargetRegion::new(region, replicas)
    }
}

fn update(targets: Vec<TargetRegion>) -> VersionUpdate {
    VersionUpdate {
        targets: Some(targets),
        ..VersionUpdate::default()
    }
}

/// Brings a version's copies in line with a wish, and answers the version as it is then.
async fn retarget(
    portal: &TestPortal,
    ctx: &OpContext,
    version: &VersionView,
    targets: Vec<TargetRegion>,
) -> VersionView {
    let changed = portal
        .services
        .version_update(ctx, version.meta.id, update(targets), Precondition::None)
        .await
        .expect("a change");
    if let Some(job) = changed.job {
        portal.succeed(&job, ctx).await;
    }
    let version = portal.services.version_get(ctx, version.meta.id).await;
    version.expect("the version")
}

async fn copies(portal: &TestPortal, version: &VersionView) -> Vec<replica::Model> {
    let rows = replica::Entity::find()
        .filter(replica::Column::VersionId.eq(version.meta.id))
        .order_by_asc(replica::Column::Region)
        .order_by_asc(replica::Column::Ordinal);
    rows.all(portal.services.store().db()).await.expect("rows")
}

async fn imported(portal: &TestPortal) -> (School, OpContext, VersionView) {
    let school = School::found(portal, "a.example").await;
    school.open_plan(portal).await;
    let version = school
        .import(portal, "base", OsState::Specialized, &[1])
        .await;
    let ctx = portal.ctx(school.owner).await;
    (school, ctx, version)
}

testkit::on_both_databases! {
    async fn rule_a50_copies_of_a_zoned_region_lie_in_its_zones_and_the_default_is_to_do_so(portal: TestPortal) {
        let (_, ctx, version) = imported(portal).await;
        let targets = vec![TargetRegion::new("westeurope", 1), TargetRegion::new("southcentralus", 4)];
        let version = retarget(portal, &ctx, &version, targets).await;
        let kinds: Vec<_> = version.regions.iter().map(|r| (r.region.as_str(), r.ready, r.storage)).collect();
        assert_eq!(kinds, [("southcentralus", 4, StorageType::Zones), ("westeurope", 1, StorageType::Standard)]);
        let rows = copies(portal, &version).await;
        let stores: Vec<&str> = rows.iter().filter_map(|row| row.store.as_deref()).collect();
        let expected = ["zone-1", "zone-2", "zone-3", "zone-1"].map(|zone| format!("southcentralus.{zone}"));
        assert_eq!(stores, expected);
        let checksum = version.checksum.parse().expect("a checksum");
        for row in rows.iter().filter(|row| row.store.is_some()) {
            let key = format!("images/{}/0-{}.qcow2", version.meta.id, row.ordinal);
            let store = row.store.as_deref().expect("a zone");
            let stores = portal.services.engine().stores();
            stores.verify(store, &key, &checksum, &engine::Watch::silent()).await.expect("a whole copy");
        }
    }

    async fn rule_a50_a_kind_of_store_that_a_region_lacks_is_refused_by_name(portal: TestPortal) {
        let (_, ctx, version) = imported(portal).await;
        for kind in [StorageType::Zones, StorageType::Premium] {
            let targets = vec![wish("westeurope", 2, kind)];
            let refused = portal.services.version_update(&ctx, version.meta.id, update(targets), Precondition::None).await;
            let problem = refusal(refused);
            assert_eq!((problem.code, problem.details[0].code), (Code::InvalidRequest, Rule::StorageNotHere));
            let told = problem.details[0].sentence();
            assert!(told.contains("westeurope") && told.contains(kind.as_str()), "{told}");
        }
    }

    async fn rule_a52_copies_move_to_another_kind_of_store_and_none_is_left_behind(portal: TestPortal) {
        let (_, ctx, version) = imported(portal).await;
        let source = || wish("westeurope", 1, StorageType::Standard);
        let targets = vec![source(), wish("southcentralus", 2, StorageType::Standard)];
        let version = retarget(portal, &ctx, &version, targets).await;
        let before = portal.files();
        let targets = vec![source(), wish("southcentralus", 2, StorageType::Zones)];
        let version = retarget(portal, &ctx, &version, targets).await;
        let zoned = copies(portal, &version).await.into_iter().filter(|row| row.store.is_some()).count();
        assert_eq!((version.regions[0].storage, zoned), (StorageType::Zones, 2));
        assert_eq!(portal.files().len(), before.len());

        // Who names no kind keeps the one that there is.
        let targets = vec![source(), TargetRegion::new("southcentralus", 1)];
        let version = retarget(portal, &ctx, &version, targets).await;
        assert_eq!((version.regions[0].storage, version.regions[0].ready), (StorageType::Zones, 1));
        let version = retarget(portal, &ctx, &version, vec![source()]).await;
        assert_eq!(version.regions.len(), 1);
        assert_eq!(portal.files().len(), before.len() - 2);
    }

    async fn rule_a44_machines_are_spread_over_copies_and_a_copy_that_one_needs_stays(portal: TestPortal) {
        let (school, ctx, version) = imported(portal).await;
        let version = retarget(portal, &ctx, &version, vec![TargetRegion::new("westeurope", 3)]).await;
        for lab in ["one", "two", "three", "four"] {
            school.lab_from(portal, school.teacher, lab, "base").await;
        }
        let machines = machine::Entity::find().all(portal.services.store().db()).await.expect("machines");
        let used = |copy: &replica::Model| machines.iter().filter(|m| m.replica_id == Some(copy.id)).count();
        let rows = copies(portal, &version).await;
        assert_eq!(rows.iter().map(used).collect::<Vec<_>>(), [2, 1, 1]);

        let fewer = update(vec![TargetRegion::new("westeurope", 2)]);
        let refused = portal.services.version_update(&ctx, version.meta.id, fewer, Precondition::None).await;
        let problem = refusal(refused);
        assert_eq!(problem.code, Code::ResourceInUse);
        assert!(problem.message.contains("three") && !problem.message.contains("two"), "{}", problem.message);

        let teacher = portal.ctx(school.teacher).await;
        let job = portal.services.lab_delete(&teacher, school.lab("two"), Precondition::None).await.expect("begun");
        portal.succeed(&job, &teacher).await;
        let version = retarget(portal, &ctx, &version, vec![TargetRegion::new("westeurope", 2)]).await;
        let left: Vec<i32> = copies(portal, &version).await.iter().map(|row| row.ordinal).collect();
        assert_eq!(left, [1, 3]);
    }
}
