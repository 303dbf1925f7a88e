//! Labs from images, and images that no lab can use.

use domain::image::OsState;
use domain::job::JobState;
use domain::lab::{LabInput, ProvisioningState};
use domain::machine::MachineState;
use domain::tenant::Precondition;
use domain::{Code, Rule};
use testkit::School;

testkit::on_both_databases! {
    async fn rule_b3_images_above_128_gib_or_with_several_disks_are_hidden_with_the_reason(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        for (name, disks) in [("g127", &[127][..]), ("g128", &[128]), ("g129", &[129]), ("two", &[1, 1])] {
            school.import(portal, name, OsState::Generalized, disks).await;
        }
        let ctx = portal.ctx(school.teacher).await;
        let catalog = portal.services.catalog(&ctx, school.plan("science")).await.expect("the catalog");
        assert_eq!(catalog.images.iter().map(|i| i.name.as_str()).collect::<Vec<_>>(), ["g127", "g128"]);
        let mut hidden: Vec<(String, Rule)> = catalog.hidden.into_iter().map(|h| (h.name, h.reasons[0].code)).collect();
        hidden.sort();
        assert_eq!(hidden, [("g129".to_owned(), Rule::OsDiskTooLarge), ("two".to_owned(), Rule::SeveralDisks)]);

        for name in ["g129", "two"] {
            let input = LabInput {
                plan: school.plan("science").to_string(),
                image: school.gallery("images").child("images", name).to_string(),
                size: "Small".to_owned(),
                region: "westeurope".to_owned(),
                user_name: "ada".to_owned(),
                password: "Correct-horse-1".to_owned(),
                ..LabInput::default()
            };
            let refused = portal.services.lab_put(&ctx, &school.lab("no"), input).await;
            assert_eq!(refused.expect_err("a refusal").into_problem("test").code, Code::ImageNotUsableForLabs);
        }
    }

    async fn a_machine_from_a_generalized_image_is_told_its_name_and_account(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Generalized, &[1]).await;
        let lab = school.lab_from(portal, school.teacher, "Biology.101", "base").await;
        let ctx = portal.ctx(school.teacher).await;
        let machine = lab.template.expect("a template VM").id;
        let job = portal.services.machine_start(&ctx, machine).await.expect("a start");
        portal.succeed(&job, &ctx).await;
        let seed = portal.hypervisor.spec(machine).and_then(|spec| spec.seed).expect("a seed");
        assert_eq!((seed.local_hostname.as_deref(), seed.user.as_deref()), (Some("biology-101"), Some("ada")));
        assert!(seed.password_hash.is_some_and(|hash| hash.starts_with("$6$")));
    }

    async fn an_engine_that_does_not_start_leaves_a_stopped_machine_and_says_why(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Generalized, &[1]).await;
        let lab = school.lab_from(portal, school.teacher, "biology", "base").await;
        let ctx = portal.ctx(school.teacher).await;
        let machine = lab.template.expect("a template VM").id;
        portal.hypervisor.refuse_starts(true);
        let job = portal.services.machine_start(&ctx, machine).await.expect("a start");
        let job = portal.finish(&job, &ctx).await;
        assert_eq!((job.state, job.problem.map(|p| p.code)), (JobState::Failed, Some(Code::EngineUnavailable)));
        let machine = portal.services.machine_get(&ctx, machine).await.expect("the machine");
        assert_eq!(machine.state, MachineState::Stopped);
        assert!(machine.problem.is_some_and(|problem| problem.contains("does not start")));
        portal.hypervisor.refuse_starts(false);
        let job = portal.services.machine_start(&ctx, machine.id).await.expect("a start");
        portal.succeed(&job, &ctx).await;
    }

    async fn the_creator_owns_the_lab_and_a_colleague_only_sees_it(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Generalized, &[1]).await;
        let lab = school.lab_from(portal, school.teacher, "biology", "base").await;
        let colleague = portal.ctx(school.colleague).await;
        assert!(portal.services.lab_get(&colleague, lab.meta.id).await.is_ok());
        let refused = portal.services.lab_delete(&colleague, lab.meta.id, Precondition::None).await.expect_err("a refusal");
        assert_eq!(refused.into_problem("test").code, Code::AuthorizationFailed);
        let student = portal.ctx(school.student).await;
        let refused = portal.services.lab_get(&student, lab.meta.id).await.expect_err("a refusal");
        assert_eq!(refused.into_problem("test").code, Code::ResourceNotFound);
        let other = School::found(portal, "b.example").await;
        let stranger = portal.ctx(other.owner).await;
        let refused = portal.services.lab_get(&stranger, lab.meta.id).await.expect_err("a refusal");
        assert_eq!(refused.into_problem("test").code, Code::ResourceNotFound);
    }

    async fn a_deleted_lab_takes_its_machine_and_its_disk_along(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        let version = school.import(portal, "base", OsState::Generalized, &[1]).await;
        let before = portal.files();
        let lab = school.lab_from(portal, school.teacher, "biology", "base").await;
        assert_eq!(lab.provisioning_state, ProvisioningState::Succeeded);
        let owner = portal.ctx(school.owner).await;
        let used = portal.services.version_delete(&owner, version.meta.id, Precondition::None).await.expect_err("a refusal");
        let problem = used.into_problem("test");
        assert_eq!(problem.code, Code::ResourceInUse);
        assert!(problem.message.contains("biology"), "{}", problem.message);
        let ctx = portal.ctx(school.teacher).await;
        let job = portal.services.lab_delete(&ctx, lab.meta.id, Precondition::None).await.expect("a deletion");
        portal.succeed(&job, &ctx).await;
        assert_eq!(portal.files(), before);
        let job = portal.services.version_delete(&owner, version.meta.id, Precondition::None).await.expect("a deletion").expect("a job");
        portal.succeed(&job, &owner).await;
        assert!(portal.files().iter().all(|file| !file.to_string_lossy().contains("/images/")));
    }
}
