//! A template VM becomes a specialized image, whatever happens meanwhile.

use chrono::TimeDelta;
use domain::Code;
use domain::PageRequest;
use domain::export::ExportInput;
use domain::image::{OsState, VersionState};
use domain::job::JobState;
use domain::machine::MachineState;
use testkit::School;

const STEPS: [&str; 9] = [
    "reserve",
    "quiesce",
    "snapshot",
    "flatten",
    "verify",
    "replicate:westeurope",
    "publish",
    "replicate:northeurope",
    "complete",
];

fn named(name: &str) -> ExportInput {
    ExportInput {
        name: name.to_owned(),
        ..ExportInput::default()
    }
}

testkit::on_both_databases! {
    async fn rule_b17_an_export_is_specialized_and_the_next_teacher_can_choose_it(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Generalized, &[2]).await;
        let lab = school.lab_from(portal, school.teacher, "biology", "base").await;
        let ctx = portal.ctx(school.teacher).await;
        let machine = lab.template.expect("a template VM").id;
        let started = portal.services.machine_start(&ctx, machine).await.expect("a start");
        portal.succeed(&started, &ctx).await;

        let preview = portal.services.template_export_preview(&ctx, lab.meta.id).await.expect("a preview");
        assert!(preview.stops_machine && preview.lab_barriers.is_empty() && preview.obstacles.is_empty());
        assert_eq!(preview.targets.iter().map(|t| t.region.as_str()).collect::<Vec<_>>(), ["westeurope", "northeurope"]);

        let job = portal.services.template_export(&ctx, lab.meta.id, named("biology-2027")).await.expect("an export");
        assert_eq!(job.steps.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), STEPS);
        let job = portal.succeed(&job, &ctx).await;
        assert_eq!(job.percent, 100);

        let owner = portal.ctx(school.owner).await;
        let id = school.gallery("images").child("images", "biology-2027").child("versions", "1.0.0");
        assert_eq!(job.result.as_deref(), Some(id.as_str()));
        let version = portal.services.version_get(&owner, &id).await.expect("the version");
        assert_eq!((version.os_state, version.state), (OsState::Specialized, VersionState::Succeeded));
        assert!(version.regions.iter().all(|region| region.ready == 1), "{:?}", version.regions);
        assert_eq!(version.checksum.len(), 64);

        let machine = portal.services.machine_get(&ctx, machine).await.expect("the machine");
        assert_eq!(machine.state, MachineState::Stopped);
        let copy = school.lab_from(portal, school.colleague, "biology-b", "biology-2027").await;
        let template = copy.template.expect("a template VM");
        assert_eq!((template.computer_name, template.user_name), (None, None));
    }

    async fn a_second_export_is_the_next_version_of_the_same_image(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Generalized, &[1]).await;
        let lab = school.lab_from(portal, school.teacher, "biology", "base").await;
        let ctx = portal.ctx(school.teacher).await;
        let job = portal.services.template_export(&ctx, lab.meta.id, named("bio")).await.expect("an export");
        portal.succeed(&job, &ctx).await;
        let preview = portal.services.template_export_preview(&ctx, lab.meta.id).await.expect("a preview");
        // The generalized base image can't take a specialized version.
        assert_eq!(preview.existing.iter().map(|e| (e.name.as_str(), e.next.to_string())).collect::<Vec<_>>(), [("bio", "1.0.1".to_owned())]);
        let again = ExportInput { existing: Some(preview.existing[0].id), ..ExportInput::default() };
        let job = portal.services.template_export(&ctx, lab.meta.id, again).await.expect("another export");
        let job = portal.succeed(&job, &ctx).await;
        assert!(job.result.is_some_and(|id| id.ends_with("/bio/versions/1.0.1")));
    }

    async fn a_name_that_is_taken_meanwhile_is_refused_and_nothing_is_begun(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Generalized, &[1]).await;
        let lab = school.lab_from(portal, school.teacher, "biology", "base").await;
        let ctx = portal.ctx(school.teacher).await;
        let refused = portal.services.template_export(&ctx, lab.meta.id, named("BASE")).await.expect_err("a refusal");
        let problem = refused.into_problem("test");
        assert_eq!((problem.code, problem.target.as_deref()), (Code::AlreadyExists, Some("name")));
        let job = portal.services.template_export(&ctx, lab.meta.id, named("bio")).await.expect("an export");
        let busy = portal.services.template_export(&ctx, lab.meta.id, named("bio2")).await.expect_err("a refusal");
        assert_eq!(busy.into_problem("test").code, Code::MachineBusy);
        portal.succeed(&job, &ctx).await;
    }

    async fn of_two_exports_to_one_name_or_number_at_one_moment_one_is_made_and_the_other_is_refused(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Generalized, &[1]).await;
        let mut labs = Vec::new();
        for name in ["biology", "chemistry"] {
            labs.push(school.lab_from(portal, school.teacher, name, "base").await.meta.id);
        }
        let ctx = portal.ctx(school.teacher).await;
        let mut existing = None;
        for version in ["", "2.0.0", "2.1.0"] {
            let input = ExportInput {
                name: if existing.is_none() { "bio".to_owned() } else { String::new() },
                existing,
                version: version.to_owned(),
                ..ExportInput::default()
            };
            let asked = labs.iter().map(|lab| {
                let (services, ctx, lab, input) = (portal.services.clone(), ctx.clone(), *lab, input.clone());
                tokio::spawn(async move { services.template_export(&ctx, lab, input).await })
            });
            let (mut made, mut refused) = (Vec::new(), Vec::new());
            for answer in futures::future::join_all(asked).await {
                match answer.expect("an answer") {
                    Ok(job) => made.push(job),
                    Err(error) => refused.push(error.into_problem("test")),
                }
            }
            let [job] = made.as_slice() else { panic!("{made:?} {refused:?}") };
            let [problem] = refused.as_slice() else { panic!("{refused:?}") };
            let taken = if version.is_empty() { ("name", "bio") } else { ("version", version) };
            assert_eq!((problem.code, problem.target.as_deref()), (Code::AlreadyExists, Some(taken.0)));
            assert!(problem.message.contains(taken.1), "{}", problem.message);
            portal.succeed(job, &ctx).await;
            // Whoever was refused holds nothing: the machine is free.
            for lab in &labs {
                let preview = portal.services.template_export_preview(&ctx, *lab).await.expect("a preview");
                existing = preview.existing.first().map(|choice| choice.id);
                let machine = portal.services.lab_get(&ctx, *lab).await.expect("the lab").template.expect("a template");
                assert_eq!(machine.state, MachineState::Stopped);
            }
        }
        let owner = portal.ctx(school.owner).await;
        let image = school.gallery("images").child("images", "bio");
        let versions = portal.services.version_list(&owner, image, &PageRequest::default()).await.expect("the versions");
        let numbers: Vec<String> = versions.items.iter().map(|v| v.version.to_string()).collect();
        assert_eq!(numbers, ["2.1.0", "2.0.0", "1.0.0"]);
    }

    async fn a_cancelled_export_leaves_no_row_and_no_file(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Generalized, &[1]).await;
        let lab = school.lab_from(portal, school.teacher, "biology", "base").await;
        let ctx = portal.ctx(school.teacher).await;
        let before = portal.files();
        let job = portal.services.template_export(&ctx, lab.meta.id, named("bio")).await.expect("an export");
        portal.services.job_cancel(&ctx, job.id).await.expect("a cancel");
        let job = portal.finish(&job, &ctx).await;
        assert_eq!(job.state, JobState::Canceled);
        assert_eq!(portal.files(), before);
        let owner = portal.ctx(school.owner).await;
        let images = portal.services.image_list(&owner, school.gallery("images"), &PageRequest::default()).await;
        assert_eq!(images.expect("the images").items.iter().map(|i| i.meta.name.as_str()).collect::<Vec<_>>(), ["base"]);
        let machine = portal.services.lab_get(&ctx, lab.meta.id).await.expect("the lab").template.expect("a template");
        assert_eq!(machine.state, MachineState::Stopped);
        // The name is free again.
        let job = portal.services.template_export(&ctx, lab.meta.id, named("bio")).await.expect("an export");
        portal.succeed(&job, &ctx).await;
    }
}

/// Kills the server when a step begins, starts it again, and looks whether anything is left over.
async fn killed_at(step: &str) {
    let mut portal = testkit::TestPortal::on_sqlite().await;
    let school = School::found(&portal, "a.example").await;
    school.open_plan(&portal).await;
    school
        .import(&portal, "base", OsState::Generalized, &[2])
        .await;
    let lab = school
        .lab_from(&portal, school.teacher, "biology", "base")
        .await;
    let ctx = portal.ctx(school.teacher).await;
    let machine = lab.template.as_ref().expect("a template VM").id;
    let before = portal.files();
    let job = portal
        .services
        .template_export(&ctx, lab.meta.id, named("bio"))
        .await
        .expect("an export");

    let workers = portal.work();
    portal
        .await_job(job.id, &ctx, |job| {
            job.steps
                .iter()
                .any(|s| s.name == step && s.state != JobState::Pending)
        })
        .await;
    workers.kill().await;

    portal.restart().await;
    portal.clock.advance(TimeDelta::seconds(30));
    let ended = portal.succeed(&job, &ctx).await;
    assert!(
        ended.steps.iter().all(|s| s.state == JobState::Succeeded),
        "killed in {step}: {:?}",
        ended.steps
    );

    let owner = portal.ctx(school.owner).await;
    let id = school
        .gallery("images")
        .child("images", "bio")
        .child("versions", "1.0.0");
    let version = portal
        .services
        .version_get(&owner, &id)
        .await
        .expect("the version");
    let mut expected = before;
    for region in ["westeurope", "northeurope"] {
        let key = format!("images/{}/0-1.qcow2", version.meta.id);
        let checksum = version.checksum.parse().expect("a checksum");
        let stores = portal.services.engine().stores();
        stores
            .verify(region, &key, &checksum, &engine::Watch::silent())
            .await
            .expect("the replica is whole");
        expected.push(
            stores
                .local_path(region, &key)
                .await
                .expect("the replica's file"),
        );
    }
    expected.sort();
    assert_eq!(
        portal.files(),
        expected,
        "killed in {step}: files are left over or missing"
    );
    let machine = portal
        .services
        .machine_get(&ctx, machine)
        .await
        .expect("the machine");
    assert_eq!(machine.state, MachineState::Stopped, "killed in {step}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_any_step_an_export_is_finished_after_the_restart() {
    for step in STEPS {
        killed_at(step).await;
    }
}
