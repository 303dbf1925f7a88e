//! Of two writers who read the same state, the second is told, however close together they come.

use std::fmt::Debug;

use domain::gallery::{GalleryInput, GalleryUpdate};
use domain::image::{ImageInput, OsState, VersionUpdate};
use domain::lab::LabUpdate;
use domain::plan::PlanInput;
use domain::tenant::{Meta, Precondition};
use domain::{Code, ResourceId};
use services::Error;
use testkit::{School, TestPortal, refusal};

/// Checks that one of two writes was done and the other refused with this code.
#[track_caller]
fn one_of<T: Debug>(both: (Result<T, Error>, Result<T, Error>), code: Code) {
    let refused = match both {
        (Ok(_), refused) | (refused, Ok(_)) => refused,
        neither => panic!("both were refused: {neither:?}"),
    };
    assert_eq!(refusal(refused).code, code);
}

fn as_read(meta: &Meta) -> Precondition {
    Precondition::Etag(meta.etag.clone())
}

fn gallery(description: &str) -> GalleryInput {
    GalleryInput {
        location: "westeurope".to_owned(),
        description: description.to_owned(),
        ..GalleryInput::default()
    }
}

fn described(description: &str) -> GalleryUpdate {
    GalleryUpdate {
        description: Some(description.to_owned()),
        ..GalleryUpdate::default()
    }
}

fn image(description: &str) -> ImageInput {
    ImageInput {
        location: "westeurope".to_owned(),
        publisher: "school".to_owned(),
        offer: "labs".to_owned(),
        sku: "cells".to_owned(),
        description: description.to_owned(),
        ..ImageInput::default()
    }
}

fn plan() -> PlanInput {
    PlanInput {
        location: "westeurope".to_owned(),
        ..PlanInput::default()
    }
}

/// A lab and the version that it was made from.
async fn lab_and_version(portal: &TestPortal, school: &School) -> (Meta, Meta) {
    school.open_plan(portal).await;
    let version = school
        .import(portal, "base", OsState::Generalized, &[1])
        .await;
    let lab = school
        .lab_from(portal, school.teacher, "biology", "base")
        .await;
    (lab.meta, version.meta)
}

testkit::on_both_databases! {
    async fn of_two_writers_with_the_same_etag_one_is_told(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);

        let made = school.new_gallery(portal, "biology").await;
        let id = made.meta.resource_id.clone();
        let put = |text| services.gallery_put(&owner, &id, gallery(text), as_read(&made.meta));
        one_of(tokio::join!(put("one"), put("two")), Code::PreconditionFailed);
        let read = services.gallery_get(&owner, &id).await.expect("the gallery").meta;
        let update = |text: &str| services.gallery_update(&owner, &id, described(text), as_read(&read));
        one_of(tokio::join!(update("one"), update("two")), Code::PreconditionFailed);

        let definition = school.new_image(portal, &made, "cells").await.meta;
        let put = |text| services.image_put(&owner, &definition.resource_id, image(text), as_read(&definition));
        one_of(tokio::join!(put("one"), put("two")), Code::PreconditionFailed);

        let read = school.new_plan(portal, "spring", &[]).await.meta;
        let put = || services.plan_put(&owner, &read.resource_id, plan(), as_read(&read));
        one_of(tokio::join!(put(), put()), Code::PreconditionFailed);
    }

    async fn of_two_writers_to_a_lab_or_a_version_one_is_told(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (lab, version) = lab_and_version(portal, &school).await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let update = |title: &str| {
            let update = LabUpdate { title: Some(title.to_owned()), ..LabUpdate::default() };
            services.lab_update(&owner, lab.id, update, as_read(&lab))
        };
        one_of(tokio::join!(update("one"), update("two")), Code::PreconditionFailed);
        let update = |excluded| {
            let update = VersionUpdate { exclude_from_latest: Some(excluded), ..VersionUpdate::default() };
            services.version_update(&owner, version.id, update, as_read(&version))
        };
        one_of(tokio::join!(update(true), update(false)), Code::PreconditionFailed);
    }

    async fn what_was_changed_since_it_was_read_is_not_deleted(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (lab, version) = lab_and_version(portal, &school).await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let gallery = school.new_gallery(portal, "empty").await;
        let image = school.new_image(portal, &gallery, "cells").await.meta;
        let gallery = gallery.meta;
        let plan = school.new_plan(portal, "spring", &[]).await.meta;
        let older = || Precondition::Etag("older".to_owned());
        for refused in [
            services.gallery_delete(&owner, gallery.id, older()).await,
            services.image_delete(&owner, image.id, older()).await,
            services.plan_delete(&owner, plan.id, older()).await,
            services.lab_delete(&owner, lab.id, older()).await.map(drop),
            services.version_delete(&owner, version.id, older()).await.map(drop),
        ] {
            assert_eq!(refusal(refused).code, Code::PreconditionFailed);
        }
        services.image_delete(&owner, image.id, as_read(&image)).await.expect("deleted");
        services.gallery_delete(&owner, gallery.id, as_read(&gallery)).await.expect("deleted");
        services.plan_delete(&owner, plan.id, as_read(&plan)).await.expect("deleted");
        let job = services.lab_delete(&owner, lab.id, as_read(&lab)).await.expect("begun");
        portal.succeed(&job, &owner).await;
        services.version_delete(&owner, version.id, as_read(&version)).await.expect("begun");
    }

    async fn of_two_creators_of_the_same_name_one_is_told(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let id = school.gallery("biology");
        let put = || services.gallery_put(&owner, &id, gallery(""), Precondition::MustNotExist);
        one_of(tokio::join!(put(), put()), Code::AlreadyExists);
        let id = id.child("images", "cells");
        let put = || services.image_put(&owner, &id, image(""), Precondition::MustNotExist);
        one_of(tokio::join!(put(), put()), Code::AlreadyExists);
        let id = school.plan("spring");
        let put = || services.plan_put(&owner, &id, plan(), Precondition::MustNotExist);
        one_of(tokio::join!(put(), put()), Code::AlreadyExists);
    }

    async fn of_two_operations_on_a_machine_at_once_one_finds_it_busy(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        lab_and_version(portal, &school).await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let lab = services.lab_get(&owner, school.lab("biology")).await.expect("the lab");
        let machine = lab.template.expect("a template VM").id;
        let start = || services.machine_start(&owner, machine);
        one_of(tokio::join!(start(), start()), Code::MachineBusy);
    }

    async fn an_etag_is_never_that_of_something_that_is_not_there(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let id: ResourceId = school.gallery("biology");
        for etag in ["*", "some"] {
            let expected = Precondition::Etag(etag.to_owned());
            let put = services.gallery_put(&owner, &id, gallery(""), expected).await;
            assert_eq!(refusal(put).code, Code::PreconditionFailed);
        }
    }
}
