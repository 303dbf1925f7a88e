//! Virtual machines. Rules A5, A23, A27, A31-A36, A57, A74.

use chrono::TimeDelta;
use domain::PageRequest;
use domain::compute::{AttachedDisk, DataDiskInput, DataDiskSource};
use domain::image::VersionUpdate;
use domain::job::JobState;
use domain::lab::ProvisioningState;
use domain::machine::MachineState;

use super::*;

fn empty_disk(lun: u32, goes: bool) -> DataDiskInput {
    DataDiskInput {
        lun,
        name: String::new(),
        source: DataDiskSource::Empty { size_gib: Some(1) },
        disk_type: None,
        delete_with_machine: goes,
    }
}

testkit::on_both_databases! {
    async fn rule_a32_a_machine_of_a_generalized_image_gets_its_name_account_and_keys_and_runs(portal: TestPortal) {
        let place = Place::open(portal).await;
        let image = place.image("ubuntu");
        let wish = VirtualMachineInput { data_disks: vec![empty_disk(3, false)], ..place.wish(&image, OsState::Generalized) };
        let machine = place.machine("web", wish).await;
        assert_eq!((machine.state, machine.provisioning_state), (MachineState::Running, ProvisioningState::Succeeded));
        assert_eq!((machine.power().0, machine.size.as_str()), ("PowerState/running", "Small"));
        assert_eq!(machine.disks.iter().map(|disk| (disk.lun, disk.create_option.as_str())).collect::<Vec<_>>(), [(None, "FromImage"), (Some(3), "Empty")]);
        let spec = portal.hypervisor.spec(machine.meta.id).expect("it was started");
        assert_eq!((spec.vcpus, spec.memory_mib, spec.disks.len()), (1, 512, 2));
        let seed = spec.seed.expect("a seed");
        assert_eq!((seed.local_hostname.as_deref(), seed.user.as_deref()), (Some("web"), Some("ada")));
        assert_eq!(seed.ssh_keys, ["ssh-ed25519 AAAA ada"]);
        assert!(seed.password_hash.expect("a hash").starts_with("$6$"));
        assert!(!format!("{machine:?}").contains("horse"));

        let disk = portal.services.disk_get(&place.ctx, &machine.disks[0].resource_id).await.expect("the OS disk");
        assert_eq!(disk.managed_by.as_ref(), Some(&machine.meta.resource_id));
        let gone = portal.services.disk_delete(&place.ctx, &disk.meta.resource_id, Precondition::None).await;
        assert!(refused(gone).1.contains("“web”"));
        let version = portal.services.version_delete(&place.ctx, image.child("versions", "1.0.0"), Precondition::None).await;
        let problem = version.expect_err("a refusal").into_problem("test");
        assert_eq!(problem.code, Code::ResourceInUse);
        assert!(problem.message.contains("web"), "{}", problem.message);
    }

    async fn rule_a32_a_profile_and_an_image_that_do_not_fit_are_refused_by_name(portal: TestPortal) {
        let place = Place::open(portal).await;
        let (ubuntu, golden) = (place.image("ubuntu"), place.image("golden"));
        let missing = VirtualMachineInput { os_profile: None, ..place.wish(&ubuntu, OsState::Generalized) };
        assert_eq!(codes(&place.try_machine("a", missing).await), [Rule::OsProfileMissing]);
        let superfluous = VirtualMachineInput { image: Some(golden.to_string()), ..place.wish(&ubuntu, OsState::Generalized) };
        assert_eq!(codes(&place.try_machine("a", superfluous).await), [Rule::OsProfileNotAllowed]);
        let size = VirtualMachineInput { size: "Huge".to_owned(), ..place.wish(&golden, OsState::Specialized) };
        assert_eq!(codes(&place.try_machine("a", size).await), [Rule::SizeUnknown]);
        let elsewhere = VirtualMachineInput { location: "eastus".to_owned(), ..place.wish(&golden.child("versions", "1.0.0"), OsState::Specialized) };
        assert_eq!(codes(&place.try_machine("a", elsewhere).await), [Rule::RegionNotReady]);
        let latest = VirtualMachineInput { location: "eastus".to_owned(), ..place.wish(&golden, OsState::Specialized) };
        assert_eq!(codes(&place.try_machine("a", latest).await), [Rule::ImageWithoutVersion]);
        let unknown = place.wish(&place.image("nothing"), OsState::Specialized);
        assert_eq!(place.try_machine("a", unknown).await.code, Code::ResourceNotFound);
        let list = portal.services.virtual_machine_list(&place.ctx, None, &PageRequest::default()).await;
        assert!(list.expect("a list").items.is_empty());
    }

    async fn rule_a29_no_machine_is_made_of_a_version_past_its_end(portal: TestPortal) {
        let place = Place::open(portal).await;
        let version = place.image("golden").child("versions", "1.0.0");
        let over = VersionUpdate { end_of_life: Some(Some(portal.services.now() - TimeDelta::days(1))), ..VersionUpdate::default() };
        portal.services.version_update(&place.ctx, &version, over, Precondition::None).await.expect("a change");
        let problem = place.try_machine("a", place.wish(&version, OsState::Specialized)).await;
        assert_eq!(codes(&problem), [Rule::ImageEndOfLife]);
    }

    async fn a_machine_stops_deallocates_starts_and_restarts_and_says_so(portal: TestPortal) {
        let place = Place::open(portal).await;
        let machine = place.machine("web", place.wish(&place.image("golden"), OsState::Specialized)).await;
        let (services, id) = (&portal.services, machine.meta.id);
        let power = async || services.virtual_machine_get(&place.ctx, id).await.expect("the machine").power().0;
        place.stop(&machine).await;
        assert_eq!(power().await, "PowerState/stopped");
        let job = services.virtual_machine_deallocate(&place.ctx, id).await.expect("a job");
        portal.succeed(&job, &place.ctx).await;
        assert_eq!(power().await, "PowerState/deallocated");
        let job = services.virtual_machine_start(&place.ctx, id).await.expect("a job");
        let busy = services.virtual_machine_stop(&place.ctx, id).await;
        assert_eq!(refused(busy).0, Code::MachineBusy);
        portal.succeed(&job, &place.ctx).await;
        assert_eq!(power().await, "PowerState/running");
        let job = services.virtual_machine_restart(&place.ctx, id).await.expect("a job");
        portal.succeed(&job, &place.ctx).await;
        assert_eq!(power().await, "PowerState/running");
        // A lab's operations are for labs' machines.
        assert_eq!(refused(services.machine_start(&place.ctx, id).await).0, Code::ResourceNotFound);
        services.machine_screenshot(&place.ctx, id).await.expect("a picture");
        let reader = portal.ctx(place.school.reader).await;
        assert_eq!(refused(services.machine_screenshot(&reader, id).await).0, Code::AuthorizationFailed);
    }

    async fn rule_a31_a_generalized_machine_has_nothing_of_its_own_left_and_never_starts_again(portal: TestPortal) {
        let place = Place::open(portal).await;
        let machine = place.machine("web", place.wish(&place.image("golden"), OsState::Specialized)).await;
        let running = place.generalize(&machine).await.expect_err("a refusal");
        assert_eq!(running.code, Code::MachineRunning);
        place.stop(&machine).await;
        assert!(holds(&place.bytes(&machine, 0), "PRIVATE-KEY-OF-ADA"));
        let made = place.generalize(&machine).await.expect("generalized");
        assert!(made.generalized && made.os_state == OsState::Generalized);
        assert_eq!(made.state, MachineState::Stopped);
        let bytes = place.bytes(&machine, 0);
        assert!(holds(&bytes, "what every machine has"));
        for secret in ["PRIVATE-KEY-OF-ADA", "PRIVATE-HOST-KEY", "the answers", "0123456789abcdef0123456789abcdef"] {
            assert!(!holds(&bytes, secret), "{secret}");
        }
        let started = portal.services.virtual_machine_start(&place.ctx, machine.meta.id).await;
        let (code, message) = refused(started);
        assert_eq!(code, Code::Conflict);
        assert!(message.contains("generalized"), "{message}");
        // Again changes nothing.
        place.generalize(&machine).await.expect("generalized already");
    }

    async fn a_disk_without_linux_can_t_be_generalized_and_stays_as_it_was(portal: TestPortal) {
        let place = Place::open(portal).await;
        place.school.import(portal, "blank", OsState::Specialized, &[1]).await;
        let machine = place.machine("web", place.wish(&place.image("blank"), OsState::Specialized)).await;
        place.stop(&machine).await;
        let files = portal.files();
        let problem = place.generalize(&machine).await.expect_err("a refusal");
        assert!(problem.message.contains("DiskNotGeneralizable"), "{}", problem.message);
        assert_eq!(portal.files(), files);
        let job = portal.services.virtual_machine_start(&place.ctx, machine.meta.id).await.expect("a start");
        portal.succeed(&job, &place.ctx).await;
    }

    async fn deleting_a_machine_keeps_its_disks_but_those_that_go_with_it(portal: TestPortal) {
        let place = Place::open(portal).await;
        let before = portal.files();
        let wish = VirtualMachineInput { data_disks: vec![empty_disk(0, true)], ..place.wish(&place.image("golden"), OsState::Specialized) };
        let machine = place.machine("web", wish).await;
        let (os, data): (&AttachedDisk, &AttachedDisk) = (&machine.disks[0], &machine.disks[1]);
        let content = place.bytes(&machine, 0);
        place.delete_machine(&machine).await;
        let gone = portal.services.virtual_machine_get(&place.ctx, machine.meta.id).await;
        assert_eq!(refused(gone).0, Code::ResourceNotFound);
        assert_eq!(refused(portal.services.disk_get(&place.ctx, &data.resource_id).await).0, Code::ResourceNotFound);
        let kept = portal.services.disk_get(&place.ctx, &os.resource_id).await.expect("the OS disk stays");
        assert_eq!((kept.managed_by.clone(), kept.os_state), (None, Some(OsState::Specialized)));

        // Rule A74: a machine runs from the disk that stayed, and nobody else has it.
        let mut wish = place.wish(&place.image("golden"), OsState::Specialized);
        wish.image = None;
        wish.os_disk.attach = Some(kept.meta.resource_id.to_string());
        let again = place.machine("again", wish.clone()).await;
        assert_eq!(again.disks[0].create_option, "Attach");
        assert_eq!(place.bytes(&again, 0), content);
        let taken = place.try_machine("third", wish).await;
        assert_eq!(taken.code, Code::Conflict);
        place.delete_machine(&again).await;
        let job = portal.services.disk_delete(&place.ctx, &kept.meta.resource_id, Precondition::None).await.expect("a removal");
        portal.succeed(&job, &place.ctx).await;
        assert_eq!(portal.files(), before);
    }

    async fn a_machine_that_can_t_start_leaves_no_row_and_no_file_and_its_disk_is_free_again(portal: TestPortal) {
        let place = Place::open(portal).await;
        let disk = place.disk(&place.id("disks", "own"), DiskSourceInput::Image { resource_id: place.image("golden").to_string(), lun: None }).await;
        let before = portal.files();
        portal.hypervisor.refuse_starts(true);
        let mut wish = place.wish(&place.image("golden"), OsState::Specialized);
        wish.image = None;
        wish.os_disk.attach = Some(disk.meta.resource_id.to_string());
        wish.data_disks = vec![empty_disk(0, false)];
        let id = place.id("virtualMachines", "web");
        let put = portal.services.virtual_machine_put(&place.ctx, &id, wish.clone(), Precondition::None).await;
        let job = put.expect("begun").job.expect("a job");
        let job = portal.finish(&job, &place.ctx).await;
        assert_eq!(job.state, JobState::Failed);
        assert_eq!(portal.files(), before);
        assert_eq!(refused(portal.services.virtual_machine_get(&place.ctx, &id).await).0, Code::ResourceNotFound);
        portal.hypervisor.refuse_starts(false);
        place.machine("web", wish).await;
    }

    async fn rule_a57_access_to_a_version_of_another_organisation_is_enough(portal: TestPortal) {
        let place = Place::open(portal).await;
        let outsider = School::found(portal, "b.example").await;
        let theirs = portal.ctx(outsider.owner).await;
        let version = place.image("golden").child("versions", "1.0.0");
        let wish = place.wish(&version, OsState::Specialized);
        let id = outsider.group.provider("Microsoft.Compute", "virtualMachines", "web");
        let put = portal.services.virtual_machine_put(&theirs, &id, wish.clone(), Precondition::None).await;
        assert_eq!(refused(put).0, Code::ResourceNotFound);

        let input = domain::share::ShareInput {
            scope: version.clone(),
            role: uuid::uuid!("acdd72a7-3385-48ef-bd42-f606fba81ae7"),
            days: None,
            note: String::new(),
        };
        let token = portal.services.share_create(&place.ctx, input).await.expect("a share").token;
        portal.services.share_accept(&theirs, &token, None).await.expect("accepted");
        let theirs = portal.ctx(outsider.owner).await;
        // The version and the definition alike: latest is what of it is shared.
        for (name, image) in [("web", version.clone()), ("latest", place.image("golden"))] {
            let wish = place.wish(&image, OsState::Specialized);
            let id = outsider.group.provider("Microsoft.Compute", "virtualMachines", name);
            let put = portal.services.virtual_machine_put(&theirs, &id, wish, Precondition::None).await;
            let job = put.expect("begun").job.expect("a job");
            portal.succeed(&job, &theirs).await;
        }
        let gone = portal.services.version_delete(&place.ctx, &version, Precondition::None).await;
        let (code, message) = refused(gone);
        assert_eq!(code, Code::ResourceInUse);
        assert!(!message.contains("web"), "{message}");
    }
}
