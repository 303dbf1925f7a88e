//! Roles that an organisation defines for itself.

use domain::rbac::{Action, OWNER, RoleInput};
use domain::share::ShareInput;
use domain::{Code, OpContext};
use services::Error;
use testkit::{School, TestPortal};
use uuid::{Uuid, uuid};

const ACCESS_ADMINISTRATOR: Uuid = uuid!("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9");

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> Code {
    result.expect_err("a refusal").into_problem("test").code
}

fn keeper(actions: &[&str], scope: &str) -> RoleInput {
    RoleInput {
        name: "Image keeper".to_owned(),
        description: "Keeps the images.".to_owned(),
        actions: actions.iter().map(|&action| action.to_owned()).collect(),
        not_actions: vec!["*/delete".to_owned()],
        assignable_scopes: vec![scope.to_owned()],
    }
}

const GALLERIES: &[&str] = &["Microsoft.Compute/galleries/*"];

async fn give(
    portal: &TestPortal,
    ctx: &OpContext,
    who: Uuid,
    role: Uuid,
    scope: &str,
) -> Result<Uuid, Error> {
    let id = portal.services.new_id();
    let given = portal
        .services
        .role_assignment_create(ctx, id, scope, who, role)
        .await?;
    Ok(given.value.id)
}

testkit::on_both_databases! {
    async fn a_role_of_the_own_is_defined_given_counted_and_deleted(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let services = &portal.services;
        let owner = portal.ctx(school.owner).await;
        let (id, group) = (services.new_id(), school.group.as_str());
        let put = services.role_put(&owner, id, keeper(GALLERIES, group)).await.expect("a role");
        assert!(put.created && put.value.is_custom());
        assert_eq!(code(give(portal, &owner, school.student.id, id, "/").await), Code::InvalidRequest);
        let given = give(portal, &owner, school.student.id, id, group).await.expect("given");
        let student = portal.ctx(school.student).await;
        assert!(student.may(Action::GalleryWrite, group));
        assert!(!student.may(Action::GalleryDelete, group), "taken out");
        assert!(!student.may(Action::LabRead, group));

        // A change counts at once; a scope at which somebody has the role stays.
        let changed = keeper(&["Microsoft.Compute/galleries/read"], group);
        services.role_put(&owner, id, changed.clone()).await.expect("changed");
        assert!(!portal.ctx(school.student).await.may(Action::GalleryWrite, group));
        let elsewhere = RoleInput { assignable_scopes: vec![format!("{group}-other")], ..changed };
        assert_eq!(code(services.role_put(&owner, id, elsewhere).await), Code::ResourceNotFound);
        assert_eq!(code(services.role_delete(&owner, id).await), Code::ResourceInUse);
        services.role_assignment_delete(&owner, given).await.expect("taken away");
        services.role_delete(&owner, id).await.expect("deleted");
        assert_eq!(code(give(portal, &owner, school.student.id, id, group).await), Code::ResourceNotFound);
    }

    async fn nobody_defines_a_role_that_allows_more_than_they_hold(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let services = &portal.services;
        let owner = portal.ctx(school.owner).await;
        give(portal, &owner, school.colleague.id, ACCESS_ADMINISTRATOR, "/").await.expect("given");
        let administrator = portal.ctx(school.colleague).await;
        let id = services.new_id();
        assert_eq!(code(services.role_put(&administrator, id, keeper(&["*"], "/")).await), Code::AuthorizationFailed);
        services.role_put(&administrator, id, keeper(&["*/read"], "/")).await.expect("a role that reads");
        // Not even by changing one that they have themselves.
        give(portal, &administrator, school.colleague.id, id, "/").await.expect("given");
        let administrator = portal.ctx(school.colleague).await;
        assert_eq!(code(services.role_put(&administrator, id, keeper(&["*"], "/")).await), Code::AuthorizationFailed);
        // Nor can they take rights from those who hold more.
        services.role_put(&owner, id, keeper(&["*"], "/")).await.expect("an owner may");
        let reader = portal.ctx(school.reader).await;
        assert_eq!(code(services.role_put(&reader, id, keeper(&["*/read"], "/")).await), Code::AuthorizationFailed);
        let contributor = portal.ctx(school.contributor).await;
        assert_eq!(code(services.role_put(&contributor, services.new_id(), keeper(&["*/read"], "/")).await), Code::AuthorizationFailed);
        assert_eq!(code(services.role_delete(&contributor, id).await), Code::AuthorizationFailed);
    }

    async fn a_role_is_its_organisations_own(portal: TestPortal) {
        let (here, there) = (School::found(portal, "a.example").await, School::found(portal, "b.example").await);
        let services = &portal.services;
        let (owner, stranger) = (portal.ctx(here.owner).await, portal.ctx(there.owner).await);
        let id = services.new_id();
        services.role_put(&owner, id, keeper(GALLERIES, "/")).await.expect("a role");
        assert_eq!(code(services.role_get(&stranger, id).await), Code::ResourceNotFound);
        assert_eq!(code(services.role_put(&stranger, id, keeper(GALLERIES, "/")).await), Code::Conflict);
        assert_eq!(code(services.role_delete(&stranger, id).await), Code::ResourceNotFound);
        assert_eq!(code(give(portal, &stranger, there.student.id, id, "/").await), Code::ResourceNotFound);
        assert!(services.role_list(&stranger).await.expect("a list").iter().all(|role| !role.is_custom()));
        // Names are unique within an organisation, and free in another.
        let twin = services.role_put(&owner, services.new_id(), keeper(GALLERIES, "/")).await;
        assert_eq!(code(twin), Code::AlreadyExists);
        services.role_put(&stranger, services.new_id(), keeper(GALLERIES, "/")).await.expect("another's");
        for built_in in [services.role_put(&owner, OWNER.id, keeper(GALLERIES, "/")).await.map(|_| ()), services.role_delete(&owner, OWNER.id).await.map(|_| ())] {
            assert_eq!(code(built_in), Code::Conflict);
        }
    }

    async fn a_role_of_the_own_that_reads_images_can_be_shared_and_then_stays(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let services = &portal.services;
        let gallery = school.open_plan(portal).await;
        let owner = portal.ctx(school.owner).await;
        let id = services.new_id();
        services.role_put(&owner, id, keeper(&["Microsoft.Compute/galleries/*/read"], "/")).await.expect("a role");
        let input = ShareInput { scope: gallery, role: id, days: None, note: String::new() };
        services.share_create(&owner, input).await.expect("a link");
        assert_eq!(code(services.role_delete(&owner, id).await), Code::ResourceInUse);
        let share = services.share_list(&owner, None).await.expect("a list")[0].id;
        services.share_revoke(&owner, share).await.expect("revoked");
        services.role_delete(&owner, id).await.expect("deleted");
    }
}
