//! Fifty labs, a hundred versions, and somebody who is signed in and sees them.

use std::collections::BTreeMap;

use domain::image::{OsState, VersionInput, VersionSourceInput};
use domain::job::JobView;
use services::identity::Visit;
use testkit::{School, TestPortal};

const LABS: usize = 50;
const VERSIONS: usize = 100;

/// What is asked for, and as whom.
#[derive(Debug)]
pub(crate) struct Furnished {
    pub(crate) cookie: String,
    /// Name and path.
    pub(crate) addresses: Vec<(&'static str, String)>,
}

pub(crate) async fn furnish(portal: &TestPortal) -> Furnished {
    let school = School::found(portal, "contoso.example").await;
    school.open_plan(portal).await;
    school
        .import(portal, "debian", OsState::Specialized, &[1])
        .await;
    for lab in 1..=LABS {
        school
            .lab_from(portal, school.teacher, &format!("lab-{lab}"), "debian")
            .await;
    }
    versions(portal, &school).await;

    let ctx = portal.ctx(school.owner).await;
    let image = school.gallery("images").child("images", "debian");
    let view = portal
        .services
        .image_get(&ctx, image.clone())
        .await
        .expect("the image");
    let visit = Visit::default();
    let session = portal
        .services
        .session_create(&ctx.caller, None, None, &visit)
        .await
        .expect("a session");
    Furnished {
        cookie: format!("__Host-vitrine={}", session.secret),
        addresses: vec![
            ("50 labs, page", "/labs".to_owned()),
            (
                "image of 100 versions, page",
                format!("/images/{}/{}", view.gallery, view.meta.id),
            ),
            (
                "100 versions, REST list",
                format!("{image}/versions?api-version=2022-08-03"),
            ),
        ],
    }
}

/// Copies the first version until there are enough.
async fn versions(portal: &TestPortal, school: &School) {
    let ctx = portal.ctx(school.owner).await;
    let image = school.gallery("images").child("images", "debian");
    let first = image.child("versions", "1.0.0").to_string();
    let mut jobs: Vec<JobView> = Vec::new();
    for patch in 1..VERSIONS {
        let input = VersionInput {
            location: "westeurope".to_owned(),
            source: VersionSourceInput::Version {
                resource_id: first.clone(),
            },
            targets: Vec::new(),
            exclude_from_latest: false,
            end_of_life: None,
            tags: BTreeMap::new(),
        };
        let id = image.child("versions", &format!("1.0.{patch}"));
        jobs.push(
            portal
                .services
                .version_create(&ctx, &id, input)
                .await
                .expect("a version is begun")
                .job,
        );
    }
    let workers = portal.work();
    for job in jobs {
        portal
            .await_job(job.id, &ctx, |job| job.state.is_over())
            .await;
    }
    workers.stop().await;
}
