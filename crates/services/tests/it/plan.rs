//! Lab plans, their gallery and its images; groups and the search besides.

use domain::catalog::Catalog;
use domain::tenant::{Place, Precondition};
use domain::{Code, PageRequest, Rule};
use testkit::{School, refusal};

fn reasons(catalog: &Catalog) -> Vec<Rule> {
    catalog.hidden[0]
        .reasons
        .iter()
        .map(|reason| reason.code)
        .collect()
}

testkit::on_both_databases! {
    async fn rule_b9_a_plan_has_one_gallery_and_its_images_start_switched_off(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let biology = school.new_gallery(portal, "biology").await;
        let physics = school.new_gallery(portal, "physics").await;
        let image = school.new_image(portal, &biology, "cells").await.meta.id;
        let plan = school.new_plan(portal, "spring", &["North Europe", "northeurope"]).await;
        assert_eq!(plan.allowed_regions, ["northeurope"]);
        let id = plan.meta.id;
        let none = services.plan_image_set(&owner, id, image, true).await;
        assert_eq!(refusal(none).code, Code::InvalidRequest);
        let attached = services.plan_gallery_attach(&owner, id, biology.meta.id).await.expect("attached");
        assert_eq!(attached.gallery.map(|gallery| gallery.name).as_deref(), Some("biology"));
        let second = services.plan_gallery_attach(&owner, id, physics.meta.id).await;
        assert_eq!(refusal(second).code, Code::Conflict);

        let catalog = services.catalog(&owner, id).await.expect("a catalog");
        assert_eq!(reasons(&catalog), [Rule::ImageDisabled, Rule::ImageWithoutVersion]);
        let switched = services.plan_image_set(&owner, id, image, true).await.expect("switched on");
        assert!(switched.enabled);
        let catalog = services.catalog(&owner, id).await.expect("a catalog");
        assert_eq!(reasons(&catalog), [Rule::ImageWithoutVersion]);

        services.plan_gallery_detach(&owner, id).await.expect("detached");
        services.plan_gallery_attach(&owner, id, biology.meta.id).await.expect("attached");
        let images = services.plan_image_list(&owner, id, &PageRequest::default()).await.expect("images");
        assert_eq!(images.items.iter().map(|image| image.enabled).collect::<Vec<_>>(), [false]);
        let held = services.gallery_delete(&owner, biology.meta.id, Precondition::None).await;
        assert_eq!(refusal(held).code, Code::ResourceInUse);
    }

    async fn a_lab_creator_reads_images_through_the_plan_without_seeing_the_gallery(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let gallery = school.new_gallery(portal, "biology").await;
        school.new_image(portal, &gallery, "cells").await;
        let plan = school.new_plan(portal, "spring", &[]).await;
        services.plan_gallery_attach(&owner, plan.meta.id, gallery.meta.id).await.expect("attached");
        let teacher = school.give(portal, school.student, "Lab Creator", plan.meta.resource_id.as_str()).await;
        let catalog = services.catalog(&teacher, plan.meta.id).await.expect("a catalog");
        assert_eq!(catalog.hidden.len(), 1);
        let closed = services.gallery_get(&teacher, gallery.meta.id).await;
        assert_eq!(refusal(closed).code, Code::ResourceNotFound);
        let detached = services.plan_gallery_detach(&teacher, plan.meta.id).await;
        assert_eq!(refusal(detached).code, Code::AuthorizationFailed);
        let places = services.me(&teacher).await.expect("me").places;
        assert_eq!(places, [Place::Home, Place::Labs, Place::MyMachines, Place::LabPlans]);
        // The role at the plan shows the subscription, but not the group.
        assert_eq!(services.subscription_list(&teacher).await.expect("listed").len(), 1);
        assert!(services.resource_group_list(&teacher, None).await.expect("listed").is_empty());
        let home = services.home(&teacher).await.expect("home");
        assert_eq!((home.gallery_count, home.plan_count, home.may_create_lab), (0, 1, true));
    }

    async fn a_plan_that_is_hidden_is_refused_in_the_words_of_one_that_is_not_there(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, student) = (&portal.services, portal.ctx(school.student).await);
        let plan = school.new_plan(portal, "spring", &[]).await;
        let hidden = refusal(services.plan_get(&student, plan.meta.id).await);
        let missing = refusal(services.plan_get(&student, services.new_id()).await);
        assert_eq!(hidden, missing);
    }

    async fn a_group_is_deleted_only_when_nothing_is_left_in_it(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let plan = school.new_plan(portal, "spring", &[]).await.meta.id;
        let held = services.resource_group_delete(&owner, &school.group).await;
        assert_eq!(refusal(held).code, Code::ResourceInUse);
        services.plan_delete(&owner, plan, Precondition::None).await.expect("deleted");
        services.resource_group_delete(&owner, &school.group).await.expect("deleted");
        let gone = services.resource_group_get(&owner, &school.group).await;
        assert_eq!(refusal(gone).code, Code::ResourceNotFound);
    }

    async fn the_search_finds_what_the_caller_sees_best_first(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let gallery = school.new_gallery(portal, "Cells.old").await;
        school.new_image(portal, &gallery, "my-cells").await;
        school.new_image(portal, &gallery, "CELLS").await;
        let hits = services.search(&owner, " cells ").await.expect("found");
        let names: Vec<&str> = hits.iter().map(|hit| hit.name.as_str()).collect();
        assert_eq!(names, ["CELLS", "Cells.old", "my-cells"]);
        assert!(services.search(&owner, "%").await.expect("found").is_empty());
        let assistant = school.give(portal, school.student, "Lab Assistant", "/").await;
        assert!(services.search(&assistant, "cells").await.expect("found").is_empty());
    }
}
