use domain::plan::{PlanInput, PlanView};
use domain::tenant::{Place, Precondition};
use domain::{Code, PageRequest, Rule};
use services::Error;

use crate::stage::{Stage, caller};

async fn plan(stage: &Stage, name: &str) -> PlanView {
    let id = stage
        .group
        .provider("Microsoft.LabServices", "labPlans", name);
    let input = PlanInput {
        location: "westeurope".to_owned(),
        allowed_regions: vec!["North Europe".to_owned(), "northeurope".to_owned()],
        ..Default::default()
    };
    stage
        .services
        .plan_put(&stage.owner, &id, input, Precondition::MustNotExist)
        .await
        .expect("a plan")
        .value
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> Code {
    match result {
        Err(Error::Problem(problem)) => problem.code,
        other => panic!("no refusal: {other:?}"),
    }
}

#[tokio::test]
async fn rule_b9_a_plan_has_one_gallery_and_its_images_start_switched_off() {
    let stage = Stage::set().await;
    let (services, owner) = (&stage.services, &stage.owner);
    let (biology, physics) = (
        stage.gallery("biology").await,
        stage.gallery("physics").await,
    );
    let image = stage.image(&biology, "cells").await;
    let plan = plan(&stage, "spring").await;
    assert_eq!(plan.allowed_regions, ["northeurope"]);
    let id = plan.meta.id;
    assert_eq!(
        code(
            services
                .plan_image_set(owner, id, image.meta.id, true)
                .await
        ),
        Code::InvalidRequest
    );
    let attached = services
        .plan_gallery_attach(owner, id, biology.meta.id)
        .await
        .expect("attached");
    assert_eq!(
        attached.gallery.map(|gallery| gallery.name).as_deref(),
        Some("biology")
    );
    assert_eq!(
        code(
            services
                .plan_gallery_attach(owner, id, physics.meta.id)
                .await
        ),
        Code::Conflict
    );

    let reasons = |catalog: domain::catalog::Catalog| {
        catalog.hidden[0]
            .reasons
            .iter()
            .map(|reason| reason.code)
            .collect::<Vec<_>>()
    };
    let catalog = services.catalog(owner, id).await.expect("a catalog");
    assert_eq!(
        reasons(catalog),
        [Rule::ImageDisabled, Rule::ImageWithoutVersion]
    );
    assert!(
        services
            .plan_image_set(owner, id, image.meta.id, true)
            .await
            .expect("switched on")
            .enabled
    );
    let catalog = services.catalog(owner, id).await.expect("a catalog");
    assert_eq!(reasons(catalog), [Rule::ImageWithoutVersion]);

    services
        .plan_gallery_detach(owner, id)
        .await
        .expect("detached");
    services
        .plan_gallery_attach(owner, id, biology.meta.id)
        .await
        .expect("attached");
    let images = services
        .plan_image_list(owner, id, &PageRequest::default())
        .await
        .expect("images");
    assert_eq!(
        images
            .items
            .iter()
            .map(|image| image.enabled)
            .collect::<Vec<_>>(),
        [false]
    );
    assert_eq!(
        code(services.gallery_delete(owner, biology.meta.id).await),
        Code::ResourceInUse
    );
}

#[tokio::test]
async fn a_lab_creator_reads_images_through_the_plan_without_seeing_the_gallery() {
    let stage = Stage::set().await;
    let gallery = stage.gallery("biology").await;
    stage.image(&gallery, "cells").await;
    let plan = plan(&stage, "spring").await;
    stage
        .services
        .plan_gallery_attach(&stage.owner, plan.meta.id, gallery.meta.id)
        .await
        .expect("attached");
    let teacher = caller("teacher", "Lab Creator", plan.meta.resource_id.as_str());
    assert_eq!(
        stage
            .services
            .catalog(&teacher, plan.meta.id)
            .await
            .expect("a catalog")
            .hidden
            .len(),
        1
    );
    assert_eq!(
        code(stage.services.gallery_get(&teacher, gallery.meta.id).await),
        Code::ResourceNotFound
    );
    assert_eq!(
        code(
            stage
                .services
                .plan_gallery_detach(&teacher, plan.meta.id)
                .await
        ),
        Code::AuthorizationFailed
    );
    let places = stage.services.me(&teacher).await.expect("me").places;
    assert_eq!(
        places,
        [Place::Home, Place::Labs, Place::MyMachines, Place::LabPlans]
    );
    // The role at the plan shows the subscription, but not the group.
    assert_eq!(
        stage
            .services
            .subscription_list(&teacher)
            .await
            .expect("listed")
            .len(),
        1
    );
    assert!(
        stage
            .services
            .resource_group_list(&teacher, None)
            .await
            .expect("listed")
            .is_empty()
    );
    let home = stage.services.home(&teacher).await.expect("home");
    assert_eq!(
        (home.gallery_count, home.plan_count, home.may_create_lab),
        (0, 1, true)
    );
}

#[tokio::test]
async fn a_group_is_deleted_only_when_nothing_is_left_in_it() {
    let stage = Stage::set().await;
    let (services, owner) = (&stage.services, &stage.owner);
    let plan = plan(&stage, "spring").await;
    assert_eq!(
        code(services.resource_group_delete(owner, &stage.group).await),
        Code::ResourceInUse
    );
    services
        .plan_delete(owner, plan.meta.id)
        .await
        .expect("deleted");
    services
        .resource_group_delete(owner, &stage.group)
        .await
        .expect("deleted");
    assert_eq!(
        code(services.resource_group_get(owner, &stage.group).await),
        Code::ResourceNotFound
    );
}

#[tokio::test]
async fn the_search_finds_what_the_caller_sees_best_first() {
    let stage = Stage::set().await;
    let gallery = stage.gallery("Cells.old").await;
    stage.image(&gallery, "my-cells").await;
    stage.image(&gallery, "CELLS").await;
    let names =
        |hits: Vec<services::SearchHit>| hits.into_iter().map(|hit| hit.name).collect::<Vec<_>>();
    let hits = stage
        .services
        .search(&stage.owner, " cells ")
        .await
        .expect("found");
    assert_eq!(names(hits), ["CELLS", "Cells.old", "my-cells"]);
    let stranger = caller("assistant", "Lab Assistant", "/");
    assert!(
        stage
            .services
            .search(&stranger, "cells")
            .await
            .expect("found")
            .is_empty()
    );
    assert!(
        stage
            .services
            .search(&stage.owner, "%")
            .await
            .expect("found")
            .is_empty()
    );
}
