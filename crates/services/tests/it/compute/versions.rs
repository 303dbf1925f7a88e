//! Versions from virtual machines, managed images, disks and snapshots. Rules A7, A8, A16, A73, A74, A81.

use domain::image::{HyperVGeneration, OsType, VersionSource, VersionState};
use domain::machine::MachineState;

use super::*;

testkit::on_both_databases! {
    async fn rule_a7_a_version_is_made_of_a_machine_as_it_is(portal: TestPortal) {
        let place = Place::open(portal).await;
        let machine = place.machine("web", place.wish(&place.image("golden"), OsState::Specialized)).await;
        place.define("made", |_| {}).await;
        let source = VersionSourceInput::VirtualMachine { resource_id: machine.meta.resource_id.to_string() };
        let version = place.version("made", source.clone()).await.expect("a version");
        assert_eq!((version.state, version.disk_count), (VersionState::Succeeded, 1));
        assert_eq!(version.source, VersionSource::VirtualMachine { resource_id: machine.meta.resource_id.to_string() });
        // It was stopped for that, and may go on.
        let seen = portal.services.virtual_machine_get(&place.ctx, machine.meta.id).await.expect("the machine");
        assert_eq!((seen.state, seen.job), (MachineState::Stopped, None));
        place.define("strict", |input| input.os_state = OsState::Generalized).await;
        let refused = place.version("strict", source.clone()).await.expect_err("a refusal");
        assert_eq!(codes(&refused), [Rule::OsStateMismatch]);
        place.generalize(&seen).await.expect("generalized");
        let version = place.version("strict", source).await.expect("a generalized version");
        assert_eq!(version.os_state, OsState::Generalized);
        // What was made of it makes machines.
        place.machine("copy", place.wish(&place.image("strict"), OsState::Generalized)).await;
    }

    async fn rule_a16_a_source_of_another_kind_is_refused_by_name(portal: TestPortal) {
        let place = Place::open(portal).await;
        let machine = place.machine("web", place.wish(&place.image("golden"), OsState::Specialized)).await;
        let source = VersionSourceInput::VirtualMachine { resource_id: machine.meta.resource_id.to_string() };
        place.define("windows", |input| input.os_type = OsType::Windows).await;
        let refused = place.version("windows", source.clone()).await.expect_err("a refusal");
        assert_eq!(codes(&refused), [Rule::OsTypeMismatch]);
        place.define("uefi", |input| input.hyper_v_generation = HyperVGeneration::V2).await;
        let refused = place.version("uefi", source).await.expect_err("a refusal");
        assert_eq!(codes(&refused), [Rule::GenerationMismatch]);
        let copy = VersionSourceInput::Version { resource_id: place.image("golden").child("versions", "1.0.0").to_string() };
        let refused = place.version("uefi", copy).await.expect_err("a refusal");
        assert_eq!(codes(&refused), [Rule::GenerationMismatch]);
    }

    async fn rule_a8_a_version_is_made_of_snapshots_and_disks_and_keeps_all_of_them(portal: TestPortal) {
        let place = Place::open(portal).await;
        let from_image = DiskSourceInput::Image { resource_id: place.image("golden").to_string(), lun: None };
        let system = place.disk(&place.id("disks", "system"), from_image).await;
        let snapshot = place.disk(&place.id("snapshots", "os"), copy_of(&system.meta.resource_id)).await;
        let data = place.disk(&place.id("disks", "data"), DiskSourceInput::Empty).await;
        place.define("made", |_| {}).await;
        let source = VersionSourceInput::Disks {
            os_disk: snapshot.meta.resource_id.to_string(),
            data_disks: vec![data.meta.resource_id.to_string()],
        };
        let version = place.version("made", source).await.expect("a version");
        assert_eq!((version.disk_count, version.state), (2, VersionState::Succeeded));
        // Rule A4: a machine gets the data disk, too.
        let machine = place.machine("web", place.wish(&place.image("made"), OsState::Specialized)).await;
        assert_eq!(machine.disks.iter().map(|disk| disk.lun).collect::<Vec<_>>(), [None, Some(0)]);
        assert!(holds(&place.bytes(&machine, 0), "PRIVATE-KEY-OF-ADA"));
    }

    async fn rule_a81_a_managed_image_and_its_version_lie_in_one_place(portal: TestPortal) {
        let place = Place::open(portal).await;
        let from_image = DiskSourceInput::Image { resource_id: place.image("golden").to_string(), lun: None };
        let system = place.disk(&place.id("disks", "system"), from_image).await;
        let id = place.id("images", "golden");
        let input = domain::compute::ManagedImageInput {
            location: "westeurope".to_owned(),
            source: domain::compute::ManagedImageSource::Disks {
                os_type: Some(OsType::Linux), os_state: Some(OsState::Specialized), disks: vec![copy_of(&system.meta.resource_id)],
            },
            hyper_v_generation: None,
            tags: BTreeMap::new(),
        };
        let put = portal.services.managed_image_put(&place.ctx, &id, input, Precondition::None).await;
        let job = put.expect("begun").job.expect("a job");
        portal.succeed(&job, &place.ctx).await;
        place.define("made", |_| {}).await;
        let source = VersionSourceInput::ManagedImage { resource_id: id.to_string() };
        let elsewhere = VersionInput {
            location: "northeurope".to_owned(), source: source.clone(), targets: Vec::new(), exclude_from_latest: false,
            end_of_life: None, tags: BTreeMap::new(),
        };
        let version = place.image("made").child("versions", "2.0.0");
        let begun = portal.services.version_create(&place.ctx, &version, elsewhere).await;
        let problem = begun.expect_err("a refusal").into_problem("test");
        assert_eq!(codes(&problem), [Rule::OtherRegion]);
        let made = place.version("made", source).await.expect("a version");
        assert_eq!(made.source, VersionSource::ManagedImage { resource_id: id.to_string() });
    }
}
