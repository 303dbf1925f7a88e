//! Whatever a server dies of, the next one finishes what it began, and leaves nothing over.

use chrono::TimeDelta;
use domain::job::{JobState, JobView};

use super::*;

/// Begins one of the long operations.
async fn begin(place: &Place<'_>, what: &str) -> JobView {
    let (services, ctx) = (&place.portal.services, &place.ctx);
    let wish = place.wish(&place.image("golden"), OsState::Specialized);
    if what == "snapshot" {
        let source = DiskSourceInput::Image {
            resource_id: place.image("golden").to_string(),
            lun: None,
        };
        let disk = place.disk(&place.id("disks", "system"), source).await;
        let id = place.id("snapshots", "s");
        let input = super::disk(copy_of(&disk.meta.resource_id));
        let put = services.disk_put(ctx, &id, input, Precondition::None).await;
        return put.expect("begun").job.expect("a job");
    }
    if what == "create" {
        let id = place.id("virtualMachines", "web");
        let put = services.virtual_machine_put(ctx, &id, wish, Precondition::None);
        return put.await.expect("begun").job.expect("a job");
    }
    let machine = place.machine("web", wish).await;
    if what == "delete" {
        let delete = services.virtual_machine_delete(ctx, machine.meta.id, Precondition::None);
        return delete.await.expect("begun");
    }
    place.define("made", |_| {}).await;
    let input = VersionInput {
        location: "westeurope".to_owned(),
        source: VersionSourceInput::VirtualMachine {
            resource_id: machine.meta.resource_id.to_string(),
        },
        targets: Vec::new(),
        exclude_from_latest: false,
        end_of_life: None,
        tags: BTreeMap::new(),
    };
    let id = place.image("made").child("versions", "1.0.0");
    let begun = services.version_create(ctx, &id, input).await;
    begun.expect("begun").job
}

/// How many files there are in the end, and the steps there were, when the server is killed as a step begins.
async fn killed_at(what: &str, step: Option<&str>) -> (usize, Vec<String>) {
    let mut portal = TestPortal::on_sqlite().await;
    let (job, ctx) = {
        let place = Place::open(&portal).await;
        (begin(&place, what).await, place.ctx)
    };
    if let Some(step) = step {
        let workers = portal.work();
        let begun = |job: &JobView| {
            let mut steps = job.steps.iter();
            steps.any(|s| s.name == step && s.state != JobState::Pending)
        };
        portal.await_job(job.id, &ctx, begun).await;
        workers.kill().await;
        portal.restart().await;
        portal.clock.advance(TimeDelta::seconds(30));
    }
    let ended = portal.succeed(&job, &ctx).await;
    let steps = ended.steps.into_iter().map(|step| step.name).collect();
    (portal.files().len(), steps)
}

async fn finished_in_any_step(what: &str) {
    let (files, steps) = killed_at(what, None).await;
    for step in steps {
        let (found, _) = killed_at(what, Some(&step)).await;
        assert_eq!(
            found, files,
            "{what} killed in {step}: files are left over or missing"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_any_step_a_snapshot_is_finished_after_the_restart() {
    finished_in_any_step("snapshot").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_any_step_a_machine_is_made_after_the_restart() {
    finished_in_any_step("create").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_any_step_a_machine_is_removed_after_the_restart() {
    finished_in_any_step("delete").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_any_step_a_version_of_a_machine_is_finished_after_the_restart() {
    finished_in_any_step("capture").await;
}
