//! Sharing inside an organisation and with others. Rules A56-A61, C1, C2, C5.

use chrono::TimeDelta;
use domain::image::{ImageInput, OsState};
use domain::lab::LabInput;
use domain::share::path::{Outcome, Step};
use domain::share::{LINK_LIFE, ShareInput, ShareState};
use domain::tenant::Precondition;
use domain::{Code, OpContext, Origin, PageRequest, Problem, ResourceId};
use services::Error;
use testkit::{Person, School, TestPortal};
use uuid::{Uuid, uuid};

const READER: Uuid = uuid!("acdd72a7-3385-48ef-bd42-f606fba81ae7");
const CONTRIBUTOR: Uuid = uuid!("b24988ac-6180-42a0-ab88-20f7382dd24c");
const LAB_CREATOR: Uuid = uuid!("b97fb8bc-a8b2-4522-a38b-dd33c7e65ead");

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Problem {
    result.expect_err("a refusal").into_problem("test")
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> Code {
    refusal(result).code
}

/// Two organisations: the first has an image, the second a plan to make labs with.
struct Two {
    first: School,
    second: School,
}

impl Two {
    async fn found(portal: &TestPortal) -> Self {
        let first = School::found(portal, "first.example").await;
        first.open_plan(portal).await;
        first
            .import(portal, "biology", OsState::Specialized, &[1])
            .await;
        let second = School::found(portal, "second.example").await;
        second.open_plan(portal).await;
        Self { first, second }
    }

    fn gallery(&self) -> ResourceId {
        self.first.gallery("images")
    }

    fn image(&self) -> ResourceId {
        self.gallery().child("images", "biology")
    }

    fn version(&self) -> ResourceId {
        self.image().child("versions", "1.0.0")
    }

    /// A link of the first organisation's owner.
    async fn link(&self, portal: &TestPortal, scope: ResourceId, days: Option<u32>) -> String {
        let ctx = portal.ctx(self.first.owner).await;
        let input = ShareInput {
            scope,
            role: READER,
            days,
            note: "For your labs".to_owned(),
        };
        portal
            .services
            .share_create(&ctx, input)
            .await
            .expect("a link")
            .token
    }

    /// A share that the second organisation's owner accepted for everybody.
    async fn share(&self, portal: &TestPortal, scope: ResourceId, days: Option<u32>) -> Uuid {
        let token = self.link(portal, scope, days).await;
        let ctx = portal.ctx(self.second.owner).await;
        portal
            .services
            .share_accept(&ctx, &token, None)
            .await
            .expect("accepted");
        portal
            .services
            .share_list(&ctx, None)
            .await
            .expect("a list")[0]
            .id
    }

    /// Switches the image on in the second organisation's plan.
    async fn switch_on(&self, portal: &TestPortal) {
        let ctx = portal.ctx(self.second.owner).await;
        let plan = self.second.plan("science");
        let shared = portal
            .services
            .plan_shared_list(&ctx, &plan)
            .await
            .expect("a list");
        let image = shared
            .iter()
            .find(|image| image.name == "biology")
            .expect("the image");
        assert!(
            image.shared && !image.enabled,
            "shared images start switched off"
        );
        portal
            .services
            .plan_image_set(&ctx, &plan, image.id, true)
            .await
            .expect("switched on");
    }

    /// A lab in the second organisation, from the full id of a version in the first. Rule C5.
    fn lab(&self) -> LabInput {
        LabInput {
            plan: self.second.plan("science").to_string(),
            image: self.version().to_string(),
            size: "Small".to_owned(),
            region: "westeurope".to_owned(),
            ..LabInput::default()
        }
    }

    async fn missing(&self, portal: &TestPortal, who: Person) -> Option<Step> {
        let ctx = portal.ctx(who).await;
        let plan = self.second.plan("science");
        let steps = portal
            .services
            .share_test(&ctx, &self.version(), &plan)
            .await
            .expect("steps");
        steps
            .into_iter()
            .find(|(_, outcome)| matches!(outcome, Outcome::Missing(_)))
            .map(|(step, _)| step)
    }
}

/// Whether gallery, definition and version are open to the caller.
async fn opens(portal: &TestPortal, ctx: &OpContext, two: &Two) -> [bool; 3] {
    let services = &portal.services;
    [
        services.gallery_get(ctx, two.gallery()).await.is_ok(),
        services.image_get(ctx, two.image()).await.is_ok(),
        services.version_get(ctx, two.version()).await.is_ok(),
    ]
}

async fn give(portal: &TestPortal, school: &School, who: Person, role: Uuid, scope: &ResourceId) {
    let ctx = portal.ctx(school.owner).await;
    let given = portal
        .services
        .role_assignment_create(&ctx, portal.services.new_id(), scope.as_str(), who.id, role)
        .await;
    given.expect("a role");
}

testkit::on_both_databases! {
    async fn rules_a58_and_a59_what_a_share_opens_inside_and_across_organisations(portal: TestPortal) {
        let two = Two::found(portal).await;
        let (gallery, image, version) = (two.gallery(), two.image(), two.version());
        for (scope, expected) in [
            (&gallery, [true, true, true]),
            (&image, [false, true, true]),
            (&version, [false, false, true]),
        ] {
            // Inside: a student of the first organisation.
            give(portal, &two.first, two.first.student, READER, scope).await;
            let ctx = portal.ctx(two.first.student).await;
            assert_eq!(opens(portal, &ctx, &two).await, expected, "inside, {scope}");
            let owner = portal.ctx(two.first.owner).await;
            let given = portal.services.role_assignment_list(&owner, scope.as_str()).await.expect("a list");
            let own = given.iter().find(|given| given.principal.id == two.first.student.id).expect("the student's role");
            portal.services.role_assignment_delete(&owner, own.id).await.expect("taken away");

            // Across: anybody in the second one.
            let share = two.share(portal, scope.clone(), None).await;
            let ctx = portal.ctx(two.second.student).await;
            assert_eq!(opens(portal, &ctx, &two).await, expected, "across, {scope}");
            portal.services.share_revoke(&owner, share).await.expect("revoked");
            let ctx = portal.ctx(two.second.student).await;
            assert_eq!(opens(portal, &ctx, &two).await, [false; 3], "revoked, {scope}");
        }
    }

    async fn a_shared_image_makes_a_lab_until_the_share_is_revoked(portal: TestPortal) {
        let two = Two::found(portal).await;
        let services = &portal.services;
        let lab = two.second.lab("borrowed");
        assert_eq!(two.missing(portal, two.second.teacher).await, Some(Step::Shared));
        let teacher = portal.ctx(two.second.teacher).await;
        assert_eq!(code(services.lab_put(&teacher, &lab, two.lab()).await), Code::ResourceNotFound);

        let share = two.share(portal, two.image(), None).await;
        assert_eq!(two.missing(portal, two.second.teacher).await, Some(Step::Plan));
        two.switch_on(portal).await;
        assert_eq!(two.missing(portal, two.second.teacher).await, None);
        assert_eq!(two.missing(portal, two.second.reader).await, Some(Step::Create));

        let teacher = portal.ctx(two.second.teacher).await;
        let shared = services.shared_list(&teacher).await.expect("a list");
        assert_eq!(shared.len(), 1);
        assert_eq!(shared[0].owner_name.as_deref(), Some("School first.example"));
        let started = services.lab_put(&teacher, &lab, two.lab()).await.expect("a lab is begun");
        portal.succeed(&started.job, &teacher).await;

        // Both sides see the same line and the use of it.
        for owner in [two.first.owner, two.second.owner] {
            let ctx = portal.ctx(owner).await;
            let list = services.share_list(&ctx, Some(&two.image())).await.expect("a list");
            assert_eq!((list[0].state, list[0].use_count, list[0].id), (ShareState::Active, 1, share));
            let page = PageRequest { filter: Some("share_".to_owned()), ..PageRequest::default() };
            let log = services.activity_list(&ctx, None::<&ResourceId>, &page).await.expect("a log").items;
            let mut told: Vec<String> = log.into_iter().map(|line| line.operation).collect();
            told.sort();
            let expected: &[&str] = if owner == two.first.owner {
                &["share_accept", "share_create", "share_use"]
            } else {
                &["share_accept"]
            };
            assert_eq!(told, expected);
        }

        // What machines are made from can't be deleted, and whose they are is not told.
        let owner = portal.ctx(two.first.owner).await;
        let kept = refusal(services.version_delete(&owner, two.version(), Precondition::None).await);
        assert_eq!(kept.code, Code::ResourceInUse);
        assert!(!kept.message.contains("borrowed"), "{}", kept.message);

        services.share_revoke(&owner, share).await.expect("revoked");
        assert_eq!(two.missing(portal, two.second.teacher).await, Some(Step::InForce));
        let teacher = portal.ctx(two.second.teacher).await;
        let second = two.second.lab("again");
        assert_eq!(code(services.lab_put(&teacher, &second, two.lab()).await), Code::ResourceNotFound);
        let machine = services.lab_get(&teacher, &lab).await.expect("the lab stays").template.expect("a machine");
        let job = services.machine_start(&teacher, machine.id).await.expect("a start");
        portal.succeed(&job, &teacher).await;
    }

    async fn nothing_but_reading_crosses_the_border(portal: TestPortal) {
        let two = Two::found(portal).await;
        let services = &portal.services;
        two.first.import(portal, "secret", OsState::Specialized, &[1]).await;
        two.share(portal, two.image(), None).await;
        // An owner of everything over here, who owns nothing over there.
        let owner = portal.ctx(two.second.owner).await;
        let sibling = two.gallery().child("images", "secret");
        assert_eq!(code(services.image_get(&owner, &sibling).await), Code::ResourceNotFound);
        assert_eq!(code(services.gallery_get(&owner, two.gallery()).await), Code::ResourceNotFound);
        assert_eq!(code(services.image_list(&owner, two.gallery(), &PageRequest::default()).await), Code::ResourceNotFound);
        assert_eq!(code(services.image_put(&owner, &two.image(), ImageInput::default(), Precondition::None).await), Code::ResourceNotFound);
        assert_eq!(code(services.image_delete(&owner, two.image(), Precondition::None).await), Code::AuthorizationFailed);
        assert_eq!(code(services.version_delete(&owner, two.version(), Precondition::None).await), Code::AuthorizationFailed);
        assert_eq!(code(services.role_assignment_list(&owner, two.image().as_str()).await), Code::AuthorizationFailed);
        let own = services.role_assignment_create(&owner, services.new_id(), two.image().as_str(), owner.caller.principal, READER).await;
        assert_eq!(code(own), Code::AuthorizationFailed);
        let onward = ShareInput { scope: two.image(), role: READER, days: None, note: String::new() };
        assert_eq!(code(services.share_create(&owner, onward).await), Code::AuthorizationFailed);

        // A whole gallery can be read, not attached: exports would go there.
        two.share(portal, two.gallery(), None).await;
        let owner = portal.ctx(two.second.owner).await;
        services.plan_gallery_detach(&owner, two.second.plan("science")).await.expect("detached");
        let attached = services.plan_gallery_attach(&owner, two.second.plan("science"), two.gallery()).await;
        assert_eq!(code(attached), Code::InvalidRequest);
        // Own lists stay own.
        let names: Vec<String> = services.gallery_list(&owner, None, &PageRequest::default()).await.expect("a list")
            .items.into_iter().map(|gallery| gallery.meta.resource_id.key()).collect();
        assert_eq!(names, [two.second.gallery("images").key()]);
    }

    async fn a_link_opens_once_and_only_for_an_administrator_of_another_organisation(portal: TestPortal) {
        let two = Two::found(portal).await;
        let services = &portal.services;
        let token = two.link(portal, two.image(), Some(30)).await;
        for (who, expected) in [
            (two.second.teacher, Code::AuthorizationFailed),
            (two.second.contributor, Code::AuthorizationFailed),
            (two.first.owner, Code::Conflict),
        ] {
            let ctx = portal.ctx(who).await;
            assert_eq!(code(services.share_offer(&ctx, &token).await), expected);
            assert_eq!(code(services.share_accept(&ctx, &token, None).await), expected);
        }
        let owner = portal.ctx(two.second.owner).await;
        assert_eq!(code(services.share_offer(&owner, "a guess").await), Code::ResourceNotFound);
        let offer = services.share_offer(&owner, &token).await.expect("an offer");
        assert_eq!((offer.from_name.as_str(), offer.role_name.as_str()), ("School first.example", "Reader"));
        let abroad = services.share_accept(&owner, &token, Some(two.first.student.id)).await;
        assert_eq!(code(abroad), Code::ResourceNotFound);
        services.share_accept(&owner, &token, None).await.expect("accepted");
        assert_eq!(code(services.share_accept(&owner, &token, None).await), Code::Conflict);

        let old = two.link(portal, two.image(), None).await;
        portal.clock.advance(LINK_LIFE);
        let owner = portal.ctx(two.second.owner).await;
        assert_eq!(code(services.share_accept(&owner, &old, None).await), Code::Conflict);
        let taken_back = two.link(portal, two.image(), None).await;
        let ctx = portal.ctx(two.first.owner).await;
        let newest = services.share_list(&ctx, None).await.expect("a list")[0].id;
        services.share_revoke(&ctx, newest).await.expect("revoked");
        assert_eq!(code(services.share_accept(&owner, &taken_back, None).await), Code::Conflict);
    }

    async fn a_share_ends_by_itself_and_may_be_meant_for_one_person(portal: TestPortal) {
        let two = Two::found(portal).await;
        let services = &portal.services;
        let token = two.link(portal, two.image(), Some(30)).await;
        let owner = portal.ctx(two.second.owner).await;
        services.share_accept(&owner, &token, Some(two.second.teacher.id)).await.expect("accepted");
        let sees = async |who| {
            let ctx = portal.ctx(who).await;
            services.image_get(&ctx, two.image()).await.is_ok()
        };
        assert!(sees(two.second.teacher).await);
        assert!(!sees(two.second.colleague).await);
        assert_eq!(two.missing(portal, two.second.colleague).await, Some(Step::ForCaller));
        portal.clock.advance(TimeDelta::days(30));
        assert!(!sees(two.second.teacher).await);
        assert_eq!(two.missing(portal, two.second.teacher).await, Some(Step::InForce));
    }

    async fn a_new_share_starts_switched_off_however_the_last_one_ended(portal: TestPortal) {
        let two = Two::found(portal).await;
        let services = &portal.services;
        let plan = two.second.plan("science");
        let is_on = async || {
            let ctx = portal.ctx(two.second.owner).await;
            let shared = services.plan_shared_list(&ctx, &plan).await.expect("a list");
            shared.iter().find(|image| image.name == "biology").map(|image| image.enabled)
        };
        let owner = portal.ctx(two.first.owner).await;
        let first = two.share(portal, two.image(), None).await;
        two.switch_on(portal).await;
        // A second share of the same image, of its gallery, changes nothing; nor does its end.
        let second = two.share(portal, two.gallery(), None).await;
        assert_eq!(is_on().await, Some(true));
        services.share_revoke(&owner, second).await.expect("revoked");
        assert_eq!(is_on().await, Some(true));
        services.share_revoke(&owner, first).await.expect("revoked");
        assert_eq!(is_on().await, None);
        // A share of the version alone brings its image as well.
        let third = two.share(portal, two.version(), None).await;
        two.switch_on(portal).await;
        services.share_revoke(&owner, third).await.expect("revoked");
        // One that ends by its time tells nobody.
        two.share(portal, two.image(), Some(30)).await;
        two.switch_on(portal).await;
        portal.clock.advance(TimeDelta::days(30));
        assert_eq!(is_on().await, None);
        two.share(portal, two.image(), None).await;
        assert_eq!(is_on().await, Some(false));
    }

    async fn only_what_reads_images_is_shared_and_only_by_those_who_may(portal: TestPortal) {
        let two = Two::found(portal).await;
        let services = &portal.services;
        let share = async |who, scope: ResourceId, role| {
            let ctx = portal.ctx(who).await;
            let input = ShareInput { scope, role, days: None, note: String::new() };
            code(services.share_create(&ctx, input).await)
        };
        let owner = two.first.owner;
        assert_eq!(share(owner, two.first.plan("science"), READER).await, Code::InvalidRequest);
        assert_eq!(share(owner, two.first.group.clone(), READER).await, Code::InvalidRequest);
        assert_eq!(share(owner, two.image(), CONTRIBUTOR).await, Code::InvalidRequest);
        assert_eq!(share(owner, two.image(), LAB_CREATOR).await, Code::InvalidRequest);
        assert_eq!(share(two.first.contributor, two.image(), READER).await, Code::AuthorizationFailed);
        assert_eq!(share(two.first.student, two.image(), READER).await, Code::ResourceNotFound);
        assert_eq!(share(two.second.owner, two.image(), READER).await, Code::ResourceNotFound);
    }

    async fn a_deleted_image_takes_its_shares_along(portal: TestPortal) {
        let two = Two::found(portal).await;
        let services = &portal.services;
        let owner = portal.ctx(two.first.owner).await;
        let empty = two.gallery().child("images", "empty");
        let input = || ImageInput {
            location: "westeurope".to_owned(),
            publisher: "school".to_owned(),
            offer: "labs".to_owned(),
            sku: "empty".to_owned(),
            ..ImageInput::default()
        };
        services.image_put(&owner, &empty, input(), Precondition::None).await.expect("a definition");
        two.share(portal, empty.clone(), None).await;
        let ctx = portal.ctx(two.second.student).await;
        assert!(services.image_get(&ctx, &empty).await.is_ok());
        services.image_delete(&owner, &empty, Precondition::None).await.expect("deleted");
        services.image_put(&owner, &empty, input(), Precondition::None).await.expect("another of the name");
        let ctx = portal.ctx(two.second.student).await;
        assert_eq!(code(services.image_get(&ctx, &empty).await), Code::ResourceNotFound);
    }

    async fn a_second_token_lends_what_it_may_read_and_nothing_else(portal: TestPortal) {
        let two = Two::found(portal).await;
        let services = &portal.services;
        // A script that is known in both organisations signs in to both. Rule C3.
        let mut caller = services.caller_load(two.second.contributor.id, two.second.tenant).await.expect("a caller");
        let other = services.caller_load(two.first.reader.id, two.first.tenant).await.expect("a caller");
        let ctx = |caller: &domain::Caller| OpContext {
            caller: caller.clone(),
            request_id: "test".to_owned(),
            now: services.now(),
            origin: Origin::Rest,
        };
        assert_eq!(opens(portal, &ctx(&caller), &two).await, [false; 3]);
        let same = caller.clone();
        services.caller_lend(&mut caller, &same).await.expect("lent");
        assert!(caller.foreign.is_empty(), "a token of the own organisation adds nothing");
        services.caller_lend(&mut caller, &other).await.expect("lent");
        assert_eq!(opens(portal, &ctx(&caller), &two).await, [true; 3]);
        assert_eq!(code(services.gallery_delete(&ctx(&caller), two.gallery(), Precondition::None).await), Code::AuthorizationFailed);
        assert_eq!(code(services.lab_put(&ctx(&caller), &two.first.lab("x"), two.lab()).await), Code::ResourceNotFound);
        // The plan's switch is the second organisation's own decision.
        let plan = two.second.plan("science");
        let shared = services.plan_shared_list(&ctx(&caller), &plan).await.expect("a list");
        services.plan_image_set(&ctx(&caller), &plan, shared[0].id, true).await.expect("switched on");
        let lab = two.second.lab("both");
        let started = services.lab_put(&ctx(&caller), &lab, two.lab()).await.expect("a lab is begun");
        portal.succeed(&started.job, &ctx(&caller)).await;
    }
}
