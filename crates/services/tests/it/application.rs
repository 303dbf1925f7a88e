//! Applications, their credentials, and what programs hold between their requests, on both databases.

use chrono::TimeDelta;
use domain::application::{ApplicationInput, ApplicationView, FederatedInput};
use domain::rbac::BUILT_IN;
use domain::{Code, PageRequest};
use services::Error;
use services::application::{ClientView, ConsentState, DirectoryQuery, SecretVerdict};
use services::identity::{DevicePoll, RefreshGrant, RefreshRefusal, Visit};
use testkit::{Person, School, TestPortal, on_both_databases};
use uuid::Uuid;

const CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> Code {
    match result {
        Err(Error::Problem(problem)) => problem.code,
        other => panic!("no refusal: {other:?}"),
    }
}

fn role(name: &str) -> Uuid {
    let role = BUILT_IN.iter().find(|role| role.name == name);
    role.expect("a built-in role").id
}

fn named(name: &str, multi_tenant: bool) -> ApplicationInput {
    ApplicationInput {
        display_name: name.to_owned(),
        multi_tenant,
        ..ApplicationInput::default()
    }
}

async fn register(portal: &TestPortal, who: Person, multi_tenant: bool) -> ApplicationView {
    let ctx = portal.ctx(who).await;
    let input = named("gallery app", multi_tenant);
    let made = portal.services.application_create(&ctx, input, true).await;
    made.expect("an application")
}

async fn client(portal: &TestPortal, of: &ApplicationView) -> ClientView {
    let found = portal.services.client_find(of.app_id).await;
    found.expect("no failure").expect("a client")
}

on_both_databases! {
    async fn rule_c10_several_secrets_are_good_at_a_time_each_until_its_end(portal: TestPortal) {
        let school = School::found(portal, "contoso.example").await;
        let (services, ctx) = (&portal.services, portal.ctx(school.owner).await);
        let app = register(portal, school.owner, false).await;
        let first = services.application_secret_create(&ctx, app.id, "laptop", None).await.expect("a secret");
        assert_eq!(first.credential.expires_at, ctx.now + TimeDelta::days(365));
        let soon = Some(ctx.now + TimeDelta::days(30));
        let second = services.application_secret_create(&ctx, app.id, "", soon).await.expect("a secret");
        let it = client(portal, &app).await;
        let verdict = async |secret: &str| services.client_secret_verify(&it, secret).await.expect("no failure");
        assert_eq!(verdict(&first.secret).await, SecretVerdict::Good(first.credential.id));
        assert_eq!(verdict(&second.secret).await, SecretVerdict::Good(second.credential.id));
        assert_eq!(verdict("guessed").await, SecretVerdict::Wrong);
        let shown = services.application_get(&ctx, app.id).await.expect("the application");
        assert!(shown.credentials.iter().all(|one| one.last_used_at.is_some()), "{shown:?}");
        assert!(!format!("{shown:?}{first:?}").contains(&first.secret), "a secret is told once");

        portal.clock.advance(TimeDelta::days(31));
        assert_eq!(verdict(&second.secret).await, SecretVerdict::Expired);
        services.application_credential_delete(&ctx, app.id, first.credential.id).await.expect("deleted");
        assert_eq!(verdict(&first.secret).await, SecretVerdict::Wrong);
    }

    async fn rule_c12_an_application_has_a_place_where_an_administrator_admits_it(portal: TestPortal) {
        let (home, away) = (School::found(portal, "contoso.example").await, School::found(portal, "fabrikam.example").await);
        let services = &portal.services;
        let (own, shared) = (register(portal, home.owner, false).await, register(portal, home.owner, true).await);
        let (owner, reader) = (portal.ctx(away.owner).await, portal.ctx(away.reader).await);
        assert_eq!(code(services.consent_preview(&owner, own.app_id).await), Code::ResourceNotFound, "it is not offered");
        let asked = services.consent_preview(&reader, shared.app_id).await.expect("it is offered");
        assert_eq!((asked.state, asked.home_domain.as_str()), (ConsentState::AskAdministrator, "contoso.example"));
        assert_eq!(code(services.service_principal_create(&reader, shared.app_id).await), Code::AuthorizationFailed);
        assert!(services.client_program(shared.app_id, away.tenant).await.expect("no failure").is_none());

        let asked = services.consent_preview(&owner, shared.app_id).await.expect("it is offered");
        assert_eq!(asked.state, ConsentState::Open);
        let made = services.service_principal_create(&owner, shared.app_id).await.expect("admitted");
        assert_eq!((made.home, made.home_name.as_str()), (Some(home.tenant), "School contoso.example"));
        assert_eq!(code(services.service_principal_create(&owner, shared.app_id).await), Code::AlreadyExists);
        let program = services.client_program(shared.app_id, away.tenant).await.expect("no failure").expect("a program");
        assert_eq!(program.principal, made.id);
        let caller = services.caller_load(made.id, away.tenant).await.expect("a caller");
        assert!(caller.grants.is_empty(), "it may do nothing until somebody gives it a role");

        services.service_principal_delete(&owner, made.id).await.expect("sent away");
        assert!(services.client_program(shared.app_id, away.tenant).await.expect("no failure").is_none());
        let log = services.activity_list(&owner, None, &PageRequest::default()).await.expect("the log");
        let of = |name: &str| log.items.iter().filter(|line| line.operation == name).count();
        assert_eq!((of("service_principal_create"), of("service_principal_delete")), (1, 1));
    }

    async fn nobody_gets_more_by_a_credential_than_they_hold(portal: TestPortal) {
        let school = School::found(portal, "contoso.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let app = register(portal, school.owner, false).await;
        let program = services.service_principal_of(&owner, app.app_id).await.expect("no failure").expect("its principal");
        services.role_assignment_create(&owner, services.new_id(), "/", program.id, role("Owner")).await.expect("a role");
        services.application_secret_create(&owner, app.id, "", None).await.expect("owners may");
        for who in [school.contributor, school.reader] {
            let ctx = portal.ctx(who).await;
            assert_eq!(code(services.application_secret_create(&ctx, app.id, "", None).await), Code::AuthorizationFailed);
            assert_eq!(code(services.application_create(&ctx, named("x", false), true).await), Code::AuthorizationFailed);
        }
        // One who manages applications, but owns one resource group alone, gets no hold of the owner's program.
        let mut manager = owner.clone();
        for grant in &mut manager.caller.grants {
            grant.actions = [domain::rbac::Action::ApplicationRead, domain::rbac::Action::ApplicationWrite].into_iter().collect();
        }
        assert_eq!(code(services.application_secret_create(&manager, app.id, "", None).await), Code::AuthorizationFailed);
        assert_eq!(code(services.application_update(&manager, app.id, named("x", true)).await), Code::AuthorizationFailed);
        let other = register(portal, school.owner, false).await;
        services.application_secret_create(&manager, other.id, "", None).await.expect("a program without rights");
    }

    async fn other_schools_neither_see_nor_touch_an_application(portal: TestPortal) {
        let (home, away) = (School::found(portal, "contoso.example").await, School::found(portal, "fabrikam.example").await);
        let (services, ctx) = (&portal.services, portal.ctx(away.owner).await);
        let app = register(portal, home.owner, true).await;
        assert_eq!(code(services.application_get(&ctx, app.id).await), Code::ResourceNotFound);
        assert_eq!(code(services.application_delete(&ctx, app.id).await), Code::ResourceNotFound);
        assert_eq!(code(services.application_secret_create(&ctx, app.id, "", None).await), Code::ResourceNotFound);
        assert_eq!(code(services.application_federated_add(&ctx, app.id, FederatedInput::default()).await), Code::ResourceNotFound);
        let list = services.application_list(&ctx, &PageRequest::default()).await.expect("a list");
        assert!(list.items.is_empty());
        let found = services.directory_find(&ctx, DirectoryQuery::default()).await.expect("a list");
        assert_eq!(found.len(), 6, "its own people alone");
    }

    async fn what_is_deleted_signs_in_nowhere(portal: TestPortal) {
        let (home, away) = (School::found(portal, "contoso.example").await, School::found(portal, "fabrikam.example").await);
        let services = &portal.services;
        let app = register(portal, home.owner, true).await;
        let foreign = services.service_principal_create(&portal.ctx(away.owner).await, app.app_id).await.expect("admitted");
        services.application_delete(&portal.ctx(home.owner).await, app.id).await.expect("deleted");
        assert!(services.client_find(app.app_id).await.expect("no failure").is_none());
        assert!(services.client_program(app.app_id, home.tenant).await.expect("no failure").is_none());
        let left = services.service_principal_list(&portal.ctx(away.owner).await).await.expect("a list");
        assert_eq!((left[0].id, left[0].home), (foreign.id, None), "the other school sees that its home is gone");
    }

    async fn a_refresh_token_works_once_and_a_stolen_one_ends_its_family(portal: TestPortal) {
        let school = School::found(portal, "contoso.example").await;
        let services = &portal.services;
        let family = services.new_id();
        let grant = RefreshGrant {
            family,
            client_id: CLI.to_owned(),
            principal: school.teacher.id,
            tenant: school.tenant,
            scope: "openid".to_owned(),
        };
        let first = services.refresh_create(grant.clone()).await.expect("a token");
        let redeem = async |token: &str| services.refresh_redeem(token, CLI).await.expect("no failure");
        assert_eq!(services.refresh_redeem(&first, "other").await.expect("no failure"), Err(RefreshRefusal::ClientMismatch));
        let (given, second) = redeem(&first).await.expect("the next");
        assert_eq!(given, grant);
        let (_, third) = redeem(&second).await.expect("the next");
        redeem(&first).await.expect("commands that run at once share one");
        assert!(!services.grant_is_revoked(family).await.expect("no failure"));

        portal.clock.advance(TimeDelta::seconds(31));
        assert_eq!(redeem(&second).await, Err(RefreshRefusal::Reused));
        assert_eq!(redeem(&third).await, Err(RefreshRefusal::Revoked));
        assert!(services.grant_is_revoked(family).await.expect("no failure"), "access tokens end as well");
        assert_eq!(redeem("guessed").await, Err(RefreshRefusal::Unknown));
    }

    async fn a_barred_persons_programs_are_signed_out(portal: TestPortal) {
        let school = School::found(portal, "contoso.example").await;
        let services = &portal.services;
        let grant = RefreshGrant {
            family: services.new_id(),
            client_id: CLI.to_owned(),
            principal: school.teacher.id,
            tenant: school.tenant,
            scope: String::new(),
        };
        let token = services.refresh_create(grant).await.expect("a token");
        services.principal_enable(&portal.ctx(school.owner).await, school.teacher.id, false).await.expect("barred");
        assert_eq!(services.refresh_redeem(&token, CLI).await.expect("no failure"), Err(RefreshRefusal::Revoked));
    }

    async fn a_device_code_is_agreed_to_once_by_somebody_of_the_tenant(portal: TestPortal) {
        let (school, other) = (School::found(portal, "contoso.example").await, School::found(portal, "fabrikam.example").await);
        let services = &portal.services;
        let begun = services.device_begin(CLI, Some(school.tenant), "openid", &Visit::default()).await.expect("begun");
        assert_eq!(begun.user_code.len(), 9);
        let poll = async || services.device_poll(&begun.device_code, CLI).await.expect("no failure");
        assert_eq!(poll().await, DevicePoll::Pending);
        assert_eq!(poll().await, DevicePoll::TooFast);
        let stranger = portal.ctx(other.owner).await;
        assert_eq!(code(services.device_decide(&stranger, &begun.user_code, true).await), Code::ResourceNotFound);
        let teacher = portal.ctx(school.teacher).await;
        let typed = format!(" {}-{}", begun.user_code[..4].to_lowercase(), &begun.user_code[4..]);
        services.device_decide(&teacher, &typed, true).await.expect("agreed");
        assert_eq!(code(services.device_decide(&teacher, &typed, true).await), Code::ResourceNotFound, "once");
        assert_eq!(services.device_poll(&begun.device_code, "other").await.expect("no failure"), DevicePoll::Expired);
        let agreed = DevicePoll::Agreed { principal: school.teacher.id, tenant: school.tenant, scope: "openid".to_owned() };
        assert_eq!(poll().await, agreed);
        assert_eq!(poll().await, DevicePoll::Expired, "told once");
    }

    async fn device_codes_cannot_be_guessed_and_expire(portal: TestPortal) {
        let school = School::found(portal, "contoso.example").await;
        let services = &portal.services;
        let teacher = portal.ctx(school.teacher).await;
        let begun = services.device_begin(CLI, None, "openid", &Visit::default()).await.expect("begun");
        for _ in 0..5 {
            assert_eq!(code(services.device_preview(&teacher, "BBBBBBBBB").await), Code::ResourceNotFound);
        }
        assert_eq!(code(services.device_preview(&teacher, &begun.user_code).await), Code::TooManyRequests);
        portal.clock.advance(TimeDelta::minutes(16));
        assert_eq!(code(services.device_preview(&teacher, &begun.user_code).await), Code::ResourceNotFound);
        assert_eq!(services.device_poll(&begun.device_code, CLI).await.expect("no failure"), DevicePoll::Expired);
    }
}
