//! Disks, snapshots and managed images. Rules A4, A7, A8, A42, A73, A81.

use domain::compute::{DiskKind, DiskSource, ManagedImageInput, ManagedImageSource};
use domain::image::{HyperVGeneration, OsType};
use domain::job::JobState;
use domain::{DiskSize, PageRequest};

use super::*;

fn image_of(source: ManagedImageSource) -> ManagedImageInput {
    ManagedImageInput {
        location: "westeurope".to_owned(),
        source,
        hyper_v_generation: None,
        tags: BTreeMap::new(),
    }
}

testkit::on_both_databases! {
    async fn disks_are_made_empty_copied_taken_from_images_listed_and_deleted_without_residue(portal: TestPortal) {
        let place = Place::open(portal).await;
        let before = portal.files();
        let (services, ctx) = (&portal.services, &place.ctx);
        let empty = place.disk(&place.id("disks", "empty"), DiskSourceInput::Empty).await;
        assert_eq!(empty.sizes, [DiskSize::from_gib(2)]);
        let from_image = DiskSourceInput::Image { resource_id: place.image("golden").to_string(), lun: None };
        let system = place.disk(&place.id("disks", "system"), from_image).await;
        assert_eq!((system.os_type, system.os_state), (Some(OsType::Linux), Some(OsState::Specialized)));
        let snapshot = place.disk(&place.id("snapshots", "before"), copy_of(&system.meta.resource_id)).await;
        assert_eq!((snapshot.kind, snapshot.os_type), (DiskKind::Snapshot, Some(OsType::Linux)));
        assert_eq!(snapshot.source, DiskSource::Copy { resource_id: system.meta.resource_id.to_string() });
        let copy = place.disk(&place.id("disks", "copy"), copy_of(&snapshot.meta.resource_id)).await;
        assert_eq!(copy.hyper_v_generation, Some(HyperVGeneration::V1));

        let page = PageRequest { limit: 2, ..PageRequest::default() };
        let first = services.disk_list(ctx, DiskKind::Disk, None, &page).await.expect("a page");
        let names = |page: &domain::Page<DiskView>| page.items.iter().map(|disk| disk.meta.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&first), ["copy", "empty"]);
        let rest = PageRequest { cursor: first.next, ..page };
        let second = services.disk_list(ctx, DiskKind::Disk, None, &rest).await.expect("a page");
        assert_eq!(names(&second), ["system"]);

        for disk in [empty, system, snapshot, copy] {
            let job = services.disk_delete(ctx, &disk.meta.resource_id, Precondition::None).await.expect("a removal");
            portal.succeed(&job, ctx).await;
        }
        assert_eq!(portal.files(), before);
    }

    async fn what_a_disk_can_t_be_is_refused_by_name(portal: TestPortal) {
        let place = Place::open(portal).await;
        let (services, ctx) = (&portal.services, &place.ctx);
        let id = place.id("disks", "d");
        let put = async |input: DiskInput| {
            let put = services.disk_put(ctx, &id, input, Precondition::None).await;
            put.expect_err("a refusal").into_problem("test")
        };
        let unsized_disk = DiskInput { size_gib: None, ..disk(DiskSourceInput::Empty) };
        assert_eq!(codes(&put(unsized_disk).await), [Rule::Required]);
        let large = DiskInput { size_gib: Some(1025), ..disk(DiskSourceInput::Empty) };
        assert_eq!(codes(&put(large).await), [Rule::OutOfRange]);
        let missing = disk(copy_of(&place.id("snapshots", "none")));
        assert_eq!(put(missing).await.code, Code::ResourceNotFound);
        let source = place.disk(&place.id("disks", "source"), DiskSourceInput::Empty).await;
        let elsewhere = DiskInput { location: "northeurope".to_owned(), ..disk(copy_of(&source.meta.resource_id)) };
        assert_eq!(codes(&put(elsewhere).await), [Rule::OtherRegion]);
        let stranger = School::found(portal, "b.example").await;
        let ctx = portal.ctx(stranger.owner).await;
        let hidden = services.disk_get(&ctx, &source.meta.resource_id).await;
        assert_eq!(refused(hidden), (Code::ResourceNotFound, "The disk was not found.".to_owned()));
    }

    async fn a_disk_of_a_running_machine_is_not_copied_and_one_of_a_stopped_machine_is(portal: TestPortal) {
        let place = Place::open(portal).await;
        let machine = place.machine("web", place.wish(&place.image("golden"), OsState::Specialized)).await;
        let source = copy_of(&machine.disks[0].resource_id);
        let id = place.id("snapshots", "s");
        let put = portal.services.disk_put(&place.ctx, &id, disk(source.clone()), Precondition::None).await;
        let (code, message) = refused(put);
        assert_eq!(code, Code::MachineRunning);
        assert!(message.contains("“web”"), "{message}");
        place.stop(&machine).await;
        let snapshot = place.disk(&id, source).await;
        assert_eq!(snapshot.os_type, Some(OsType::Linux));
        // The machine is free again.
        let job = portal.services.virtual_machine_start(&place.ctx, machine.meta.id).await.expect("a start");
        portal.succeed(&job, &place.ctx).await;
    }

    async fn a_cancelled_copy_leaves_no_row_and_no_file(portal: TestPortal) {
        let place = Place::open(portal).await;
        let source = place.disk(&place.id("disks", "source"), DiskSourceInput::Empty).await;
        let before = portal.files();
        let id = place.id("snapshots", "s");
        let put = portal.services.disk_put(&place.ctx, &id, disk(copy_of(&source.meta.resource_id)), Precondition::None);
        let job = put.await.expect("begun").job.expect("a job");
        portal.services.job_cancel(&place.ctx, job.id).await.expect("a cancel");
        assert_eq!(portal.finish(&job, &place.ctx).await.state, JobState::Canceled);
        assert_eq!(portal.files(), before);
        assert_eq!(refused(portal.services.disk_get(&place.ctx, &id).await).0, Code::ResourceNotFound);
    }

    async fn rule_a7_a_managed_image_is_made_of_a_generalized_machine_with_all_its_disks_and_machines_of_it(portal: TestPortal) {
        let place = Place::open(portal).await;
        let mut wish = place.wish(&place.image("golden"), OsState::Specialized);
        wish.data_disks = vec![domain::compute::DataDiskInput {
            lun: 0, name: "scratch".to_owned(), source: domain::compute::DataDiskSource::Empty { size_gib: Some(1) },
            disk_type: None, delete_with_machine: false,
        }];
        let machine = place.machine("web", wish).await;
        place.stop(&machine).await;
        let id = place.id("images", "from-vm");
        let input = image_of(ManagedImageSource::VirtualMachine { resource_id: machine.meta.resource_id.to_string() });
        let early = portal.services.managed_image_put(&place.ctx, &id, input.clone(), Precondition::None).await;
        let (code, message) = refused(early);
        assert_eq!(code, Code::Conflict);
        assert!(message.contains("not generalized"), "{message}");
        place.generalize(&machine).await.expect("generalized");
        let put = portal.services.managed_image_put(&place.ctx, &id, input, Precondition::None).await;
        let job = put.expect("begun").job.expect("a job");
        portal.succeed(&job, &place.ctx).await;
        let image = portal.services.disk_get(&place.ctx, &id).await.expect("the image");
        assert_eq!((image.os_state, image.sizes.len()), (Some(OsState::Generalized), 2));

        let copy = place.machine("copy", place.wish(&id, OsState::Generalized)).await;
        assert_eq!((copy.disks.len(), copy.user_name.as_deref()), (2, Some("ada")));
        assert!(!holds(&place.bytes(&copy, 0), "PRIVATE-KEY-OF-ADA"));
        // Rule A5: its disks are its own.
        let job = portal.services.disk_delete(&place.ctx, &id, Precondition::None).await.expect("a removal");
        portal.succeed(&job, &place.ctx).await;
        assert!(holds(&place.bytes(&copy, 0), "what every machine has"));
    }
}
